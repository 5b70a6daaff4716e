"""Follows our own code: what can run from a starting point, the packages it imports, what it names.

`shared/` is followed function by function, so a late import counts only where its function can be reached; a
lab is followed file by file."""

import ast
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

Node = tuple[str, str]
"""A module and one of its functions or classes; "" is what runs when the module is imported."""

_NAMES_A_PACKAGE = {"find_spec", "import_module", "files", "package_folder"}
"""Functions whose argument is the name of a package that is needed though no statement imports it."""
_THERE_ANYWAY = {*sys.stdlib_module_names, "pip"}
"""Comes with Python. Where pip does not, the hub says what to do."""
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass
class Use:
    """What one node does: `edges` to our code, `packages` it imports, the `names` and attributes it uses
    (`lease`), and its `strings` ("chat", "minilm-l6")."""

    edges: set[Node] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    strings: set[str] = field(default_factory=set)


class Code:
    """The Python files below `root`, parsed when they are reached. A node of `doors` is entered only when the
    search starts there."""

    def __init__(self, root: Path, doors: Collection[Node] = ()) -> None:
        self._root = root
        self._doors = doors
        self._parsed: dict[str, dict[str, Use]] = {}

    def reach(self, start: Iterable[Node]) -> dict[Node, Use]:
        """Everything that runs, or can be called, from `start`."""
        reached: dict[Node, Use] = {}
        waiting = list(start)
        opened = set(waiting)
        while waiting:
            node = waiting.pop()
            module = node[0]
            if node in reached or (node in self._doors and node not in opened):
                continue
            use = self._uses(module).get(node[1])
            if use is None:
                continue
            reached[node] = use
            waiting += [*use.edges, (module, ""), *((package, "") for package in _parents(module))]
            if module.startswith("spaces."):
                waiting += [(module, name) for name in self._uses(module)]
        return reached

    def file(self, module: str) -> Path | None:
        """The file of one of our modules; None for a package of somebody else's."""
        if module.split(".")[0] not in ("app", "shared", "spaces"):
            return None
        path = self._root.joinpath(*module.split("."))
        return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)

    def _uses(self, module: str) -> dict[str, Use]:
        if module not in self._parsed:
            file = self.file(module)
            self._parsed[module] = {} if file is None else self._parse(module, file)
        return self._parsed[module]

    def _parse(self, module: str, file: Path) -> dict[str, Use]:
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        names = {node.name for node in tree.body if isinstance(node, _DEFINED)}
        aliases = dict(_aliases(tree))
        uses = {"": Use()}
        for statement in tree.body:
            name = statement.name if isinstance(statement, _DEFINED) else ""
            for node in _running(statement):
                self._note(node, uses.setdefault(name, Use()), module, names, aliases)
        return uses

    def _note(
        self, node: ast.AST, use: Use, module: str, names: Collection[str], aliases: dict[str, str]
    ) -> None:
        match node:
            case ast.Import(names=imported):
                for alias in imported:
                    self._import(alias.name, use)
            case ast.ImportFrom(module=str(origin), names=imported):
                self._import(origin, use)
                use.names |= {alias.name for alias in imported}
                for alias in imported:
                    full = f"{origin}.{alias.name}"
                    use.edges.add((full, "") if self.file(full) else (origin, alias.name))
            case ast.Name(id=name):
                use.names.add(name)
                if name in names:
                    use.edges.add((module, name))
            case ast.Attribute(value=value, attr=name):
                use.names.add(name)
                if isinstance(value, ast.Name) and value.id in aliases:
                    use.edges.add((aliases[value.id], name))
            case ast.keyword(arg=str(name)):
                use.names.add(name)
            case ast.Constant(value=str(text)) if len(text) < 100:
                use.strings.add(text)
                # a child process: [sys.executable, "-m", "shared.jobs.worker"]
                if text.startswith(("shared.", "spaces.")) and self.file(text):
                    use.edges.add((text, ""))
            case ast.Call(func=called, args=arguments):
                if (getattr(called, "attr", "") or getattr(called, "id", "")) in _NAMES_A_PACKAGE:
                    for argument in arguments:
                        if isinstance(argument, ast.Constant):
                            self._import(str(argument.value), use)

    def _import(self, name: str, use: Use) -> None:
        top = name.split(".")[0]
        if top in ("shared", "spaces"):
            use.edges.add((name, ""))
        elif top not in _THERE_ANYWAY:
            use.packages.add(top)


def _running(statement: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement, without those that only a type checker sees."""
    if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement.test):
        return
    yield statement
    for child in ast.iter_child_nodes(statement):
        yield from _running(child)


def _aliases(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The names under which a file knows modules: `from shared.models import embedded`, `import shared`."""
    for node in _running(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]
