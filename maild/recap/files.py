"""The recap in each format that offices use; the one place that knows all writers."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from maild.recap.rows import Cover, Row


class Form(StrEnum):
    """How a recap is kept; the word is the end of the file's name."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    ODS = "ods"
    HTML = "html"


class CannotWrite(Exception):  # noqa: N818
    """A file could not be made; the text says why and what to do."""


def write(form: Form, path: Path, rows: Iterable[Row], cover: Cover, delimiter: str = ";") -> None:
    """Writes the file whole or not at all; CannotWrite tells why not, and the remedy."""
    try:
        write_to(form, path, rows, cover, delimiter)
    except OSError as error:
        problem = f"{path} cannot be written ({error.strerror or error})."
        raise CannotWrite(f"{problem} Choose another --output.") from error
    except ImportError as error:
        problem = f"{form.upper()} needs a library that is not installed:"
        raise CannotWrite(f"{problem} pip install 'maild[office]'.") from error
    except ValueError as error:
        problem = f"{path} was not written: {error}."
        raise CannotWrite(f"{problem} Choose a shorter period, or CSV.") from error


def write_to(
    form: Form, path: Path, rows: Iterable[Row], cover: Cover, delimiter: str = ";"
) -> None:
    """The same, with each writer's own errors.

    Writers are imported as they are needed: some of their libraries are large, or not there.
    """
    match form:
        case Form.CSV:
            from maild.recap import csv

            csv.write(path, rows, delimiter)
        case Form.XLSX:
            from maild.recap import xlsx

            xlsx.write(path, rows, cover)
        case Form.PDF:
            from maild.recap import pdf

            pdf.write(path, rows, cover)
        case Form.ODS:
            from maild.recap import ods

            ods.write(path, rows, cover)
        case Form.HTML:
            from maild.recap import html

            html.write(path, rows, cover)
