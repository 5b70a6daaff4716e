"""Uploads leave Gradio's cache."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import pytest

from shared.errors import HubError
from shared.uploads import take_upload


def test_the_content_comes_back_and_the_file_and_its_folder_are_gone(tmp_path):
    file = tmp_path / "hash" / "a b.csv"
    file.parent.mkdir()
    file.write_bytes(b"one,two\n")
    assert take_upload(str(file)) == b"one,two\n"
    assert not file.exists() and not file.parent.exists() and tmp_path.exists()


def test_a_neighbour_in_the_same_folder_stays(tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    take_upload(tmp_path / "a")
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_too_large_is_refused_and_removed(tmp_path):
    file = tmp_path / "x" / "large"
    file.parent.mkdir()
    file.write_bytes(b"x" * 11)
    with pytest.raises(HubError, match="upload_too_large"):
        take_upload(file, 10)
    assert not file.parent.exists()


def test_one_that_is_gone_and_a_link_are_refused(tmp_path):
    with pytest.raises(HubError, match="upload_gone"):
        take_upload(tmp_path / "none" / "never")
    secret = tmp_path / "secret"
    secret.write_bytes(b"s")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(secret)
    with pytest.raises(HubError, match="upload_gone"):
        take_upload(tmp_path / "folder" / "link")
    assert secret.read_bytes() == b"s"
