"""`pytest --nbval exercises/*_solutions.ipynb`: a notebook's cells need the cells before them."""


def pytest_collection_modifyitems(items):
    """Keep the cells of each notebook together and in their order, whatever shuffles the tests."""
    cells = [item for item in items if hasattr(item, "cell_num")]
    others = [item for item in items if not hasattr(item, "cell_num")]
    items[:] = others + sorted(cells, key=lambda cell: (cell.path, cell.cell_num))
