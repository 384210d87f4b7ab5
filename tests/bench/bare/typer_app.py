"""A typer app of two commands."""

import typer

app = typer.Typer()


@app.command()
def one() -> None:
    """Do the one thing."""


@app.command()
def two() -> None:
    """Do the other."""


if __name__ == "__main__":
    app()
