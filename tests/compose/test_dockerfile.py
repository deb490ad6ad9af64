"""What can be said about the Dockerfile without building it."""
import fnmatch
import re
import shutil
import subprocess

import pytest

from test_compose import ROOT, load, need

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instructions(name):
    """Arguments of each instruction of this name, continuation lines joined."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.MULTILINE)
    text = re.sub(r"\\\n\s*", "", text)
    return re.findall(rf"^{name} (.*)$", text, flags=re.MULTILINE)


def ignored(name):
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return any(fnmatch.fnmatch(name, p) for p in patterns if p and not p.startswith("#"))


def test_builds_and_runs_on_the_same_debian():
    assert [f.split()[0] for f in instructions("FROM")] == ["debian:trixie-slim"] * 2


def test_runs_as_the_user_that_compose_expects():
    (user,) = instructions("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert load()["services"]["exporter"]["user"] == user
    assert f"-o {user.split(':')[0]} -g {user.split(':')[1]}" in DOCKERFILE


def test_keeps_its_state_where_it_may_write():
    (directory,) = re.findall(r"install -d -o 65532 -g 65532 -m 0750 (\S+)", DOCKERFILE)
    (command,) = instructions("CMD")
    assert f'"--state.file={directory}/state.db"' in command


def test_has_a_health_check_and_labels():
    (health,) = instructions("HEALTHCHECK")
    assert 'CMD ["/usr/bin/accesslog_exporter", "healthcheck"]' in health
    (labels,) = instructions("LABEL")
    for label in ("title", "description", "licenses", "version", "revision", "created"):
        assert f"org.opencontainers.image.{label}=" in labels


def test_installs_nothing_that_is_only_recommended():
    for run in instructions("RUN"):
        if "apt-get install" in run:
            assert "--no-install-recommends" in run and "rm -rf /var/lib/apt/lists/*" in run


def test_build_context_is_enough_for_cmake(tmp_path):
    """A file that .dockerignore leaves out would only be missed by who builds the image."""
    (configure,) = (run.split(" && ")[0] for run in instructions("RUN") if "--preset" in run)
    arguments = re.sub(r'"\$\{\w+\}"', "test", configure).split()
    context = tmp_path / "src"
    context.mkdir()
    for path in ROOT.iterdir():
        if not ignored(path.name):
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, context / path.name)
    result = subprocess.run([need(arguments[0], "cmake"), *arguments[1:]], cwd=context,
                            capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", [".git", "build", "tests", "README.md", "docker-compose.yml"])
def test_build_context_leaves_out(name):
    assert ignored(name)


@pytest.mark.parametrize("name", ["CMakeLists.txt", "CMakePresets.json", "exporter", "packaging", "LICENSE"])
def test_build_context_keeps(name):
    assert not ignored(name)
