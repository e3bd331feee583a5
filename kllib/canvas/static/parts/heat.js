// A heat map under a plot: darker is higher, in bands, on the ink of either theme.
import { put, s } from "../core/dom.js";

export function heat(chart, layer) {
  const image = layer.appendChild(s("image", { class: "kl-heat", preserveAspectRatio: "none" }));
  const sheet = document.createElement("canvas");
  const pen = sheet.getContext("2d");
  return {
    // `shade(value)` in [0, 1]; values[j][i] stand over equal steps of x and y, corners included.
    paint(values, shade, scale = 3) {
      const [ny, nx] = [values.length, values[0].length];
      const [wide, high] = [(nx - 1) * scale, (ny - 1) * scale];
      Object.assign(sheet, { width: wide, height: high });
      const pixels = pen.createImageData(wide, high);
      for (let y = 0; y < high; y++) {
        for (let x = 0; x < wide; x++) {
          const [u, v] = [(x + 0.5) / scale, (y + 0.5) / scale];
          const [i, j] = [Math.floor(u), Math.floor(v)];
          const [a, b] = [u - i, v - j];
          const value =
            (1 - b) * ((1 - a) * values[j][i] + a * values[j][i + 1]) +
            b * ((1 - a) * values[j + 1][i] + a * values[j + 1][i + 1]);
          pixels.data[4 * ((high - 1 - y) * wide + x) + 3] = 255 * shade(value);
        }
      }
      pen.putImageData(pixels, 0, 0);
      image.setAttribute("href", sheet.toDataURL());
    },
    place() {
      const box = {
        x: chart.sx(chart.x[0]),
        y: chart.sy(chart.y[1]),
        width: chart.sx(chart.x[1]) - chart.sx(chart.x[0]),
        height: chart.sy(chart.y[0]) - chart.sy(chart.y[1]),
      };
      put(image, box);
    },
  };
}
