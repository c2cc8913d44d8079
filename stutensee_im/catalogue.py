"""The German catalogue: extract, compile and check it with Babel, without the system's gettext tools.

Run as ``python -m stutensee_im.catalogue extract | compile | check``. The source strings are English and live in
templates and Python files; ``locale/de/LC_MESSAGES/django.po`` holds the German; the compiled ``.mo`` is built in
set-up and never committed. The file is sorted and carries neither dates nor line numbers, so that two people who
both add a text rarely meet in a merge.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO_FILE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"

# Folders whose texts no user ever reads.
SKIPPED_FOLDERS = {"tests", "migrations", "benchmarks", "docs", "var", "locale", "static", "requirements"}

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Header lines that change with the clock or with the tool's version.
VOLATILE_HEADER = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To):'
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Key = tuple[str, str | None]


def source_files(root: Path) -> Iterator[Path]:
    """Every Python file and template whose texts reach a screen, in a fixed order."""
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(
            name for name in subfolders if name not in SKIPPED_FOLDERS and not name.startswith((".", "__"))
        )
        in_templates = "templates" in Path(folder).relative_to(root).parts
        for name in sorted(names):
            if name.endswith(".py") or (in_templates and name.endswith((".html", ".txt"))):
                yield Path(folder) / name


def extract(root: Path = ROOT) -> Catalog:
    """Collect all source strings below ``root`` into a catalogue without translations."""
    catalog = new_catalog()
    for path in source_files(root):
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # The pseudo-code keeps the template's indentation, which a Python tokeniser would refuse.
            source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
        for _line, function, arguments, _comments in extract_python(
            io.BytesIO(source.encode("utf-8")), KEYWORDS, (), {"encoding": "utf-8"}
        ):
            add_call(catalog, function, arguments)
    return catalog


def add_call(catalog: Catalog, function: object, arguments: object) -> None:
    """Add one found ``gettext``-like call; a call whose text is computed is no source string and is passed over."""
    values = arguments if isinstance(arguments, tuple) else (arguments,)
    spec = KEYWORDS[str(function)]
    if len(values) < len(spec):
        return
    context: str | None = None
    ids: list[str] = []
    for position, value in zip(spec, values, strict=False):
        if not isinstance(value, str) or not value:
            return
        if isinstance(position, tuple):
            context = value
        else:
            ids.append(value)
    catalog.add(ids[0] if len(ids) == 1 else tuple(ids), context=context)


def new_catalog() -> Catalog:
    """An empty German catalogue with a header that never changes by itself."""
    return Catalog(
        locale="de",
        project="Stutensee IM",
        charset="utf-8",
        fuzzy=False,
        header_comment="# German texts of the case management for integration managers.",
    )


def read(path: Path = PO_FILE) -> Catalog:
    """Read the translated catalogue; an absent file is an empty catalogue."""
    if not path.exists():
        return new_catalog()
    with path.open("rb") as file:
        return read_po(file, locale="de", charset="utf-8")


def messages(catalog: Catalog) -> dict[Key, Message]:
    """All messages of a catalogue except its header, by (singular, context)."""
    return {key_of(message): message for message in catalog if message.id}


def key_of(message: Message) -> Key:
    """What identifies a message: its (singular) text and its context."""
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def is_translated(message: Message) -> bool:
    """Whether every form of the message has a German text and none is marked as a guess."""
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return bool(forms) and all(forms) and not message.fuzzy


def update(extracted: Catalog, translated: Catalog) -> Catalog:
    """The extracted catalogue with the translations that still fit; never a similar one, never an obsolete one."""
    known = messages(translated)
    for key, message in messages(extracted).items():
        before = known.get(key)
        if before is not None and before.pluralizable == message.pluralizable and not before.fuzzy:
            message.string = before.string
    return extracted


def dump(catalog: Catalog) -> bytes:
    """The catalogue as text: sorted, unwrapped, without positions and dates."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return b"".join(line for line in buffer.getvalue().splitlines(True) if not VOLATILE_HEADER.match(line))


def compile_catalog(path: Path = PO_FILE) -> Path:
    """Compile the catalogue beside itself; the same texts always give the same bytes."""
    catalog = read(path)
    # The file carries no date, and Babel would put the present moment in its place.
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalog, use_fuzzy=False)
    target = path.with_suffix(".mo")
    replace_file(target, buffer.getvalue())
    return target


def replace_file(target: Path, content: bytes) -> None:
    """Write ``content`` to ``target`` unless it holds that already, so that a checkout may be read-only.

    It goes by way of a temporary file in the same folder: a running server never sees half.
    """
    if target.exists() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
    os.chmod(file.name, 0o644)
    os.replace(file.name, target)


def problems(extracted: Catalog, translated: Catalog) -> list[str]:
    """One sentence for each missing, guessed, stale or mis-interpolated message; empty when all is well."""
    wanted, known = messages(extracted), messages(translated)
    found = [f"missing: {named(key)}" for key in sorted_keys(wanted.keys() - known.keys())]
    found += [f"stale: {named(key)}" for key in sorted_keys(known.keys() - wanted.keys())]
    for key in sorted_keys(wanted.keys() & known.keys()):
        message = known[key]
        if message.fuzzy:
            found.append(f"fuzzy: {named(key)}")
        elif not is_translated(message):
            found.append(f"untranslated: {named(key)}")
        elif message.pluralizable != wanted[key].pluralizable:
            found.append(f"singular and plural differ from the source: {named(key)}")
        elif placeholders(message.string) - placeholders(message.id):
            found.append(f"placeholder that the source does not have: {named(key)}")
    return found


def named(key: Key) -> str:
    """A message as a report names it."""
    text, context = key
    return repr(text) if context is None else f"{text!r} (context {context!r})"


def sorted_keys(keys: set[Key]) -> list[Key]:
    """Keys in a fixed order; messages without a context first."""
    return sorted(keys, key=lambda key: (key[0], key[1] or ""))


def placeholders(text: object) -> set[str]:
    """The names of all ``%(name)s`` placeholders in a message or in all of its forms."""
    forms = text if isinstance(text, (list, tuple)) else (text,)
    return {name for form in forms for name in PLACEHOLDER.findall(str(form))}


def main(arguments: list[str]) -> int:
    """Run one verb from the command line and return the exit code."""
    verb = arguments[0] if len(arguments) == 1 else ""
    if verb == "extract":
        catalog = update(extract(), read())
        replace_file(PO_FILE, dump(catalog))
        open_texts = [key for key, message in messages(catalog).items() if not is_translated(message)]
        for key in sorted_keys(set(open_texts)):
            print(f"untranslated: {named(key)}")
        print(f"{len(messages(catalog))} texts, {len(open_texts)} of them without a translation.")
        return 0
    if verb == "compile":
        compile_catalog()
        return 0
    if verb == "check":
        found = problems(extract(), read())
        for line in found:
            print(line)
        print("The catalogue is complete." if not found else f"{len(found)} problem(s) in the catalogue.")
        return 1 if found else 0
    print("usage: python -m stutensee_im.catalogue extract | compile | check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
