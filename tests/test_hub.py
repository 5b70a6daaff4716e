"""The running hub: start, page, languages, queue, files, admin, broken and added labs."""

import json
import re
import shutil
import sys
import uuid
from pathlib import Path

import httpx
import pytest
from gradio_client import Client

from shared.settings import from_env
from tests.conftest import ADMIN_TOKEN, ROOT, Hub

LABS = ["prompting", "tokenizer", "attention", "families", "songs", "classification"]


def config(url: str) -> dict:
    return httpx.get(f"{url}/config", timeout=30).json()


def endpoints(url: str) -> dict[str, int]:
    """Every endpoint with a name, public or not, and its index."""
    return {
        dependency["api_name"]: dependency["id"]
        for dependency in config(url)["dependencies"]
        if dependency["backend_fn"] and dependency["api_name"]
    }


def call_raw(url: str, fn_index: int, data: list, session: str | None = None, **headers: str) -> str:
    """What the server says, as raw text, to one queued call with any JSON as data."""
    session = session or uuid.uuid4().hex[:10]
    with httpx.Client(base_url=url, timeout=120, headers=headers) as client:
        joined = client.post(
            "/gradio_api/queue/join", json={"data": data, "fn_index": fn_index, "session_hash": session}
        )
        if joined.status_code != 200:
            return joined.text
        said = ""
        with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            for line in stream.iter_lines():
                said += line + "\n"
                if "process_completed" in line or "close_stream" in line:
                    break
        return said


def test_page_is_small_and_comes_before_torch(start_hub):
    hub = start_hub(HUB_WARM="0").wait()
    page = httpx.get(hub.url)
    assert page.status_code == 200
    assert len(page.content) < 500_000
    if not sys.platform.startswith("linux"):
        pytest.skip("reads /proc to see what is loaded")
    assert "libtorch" not in Path(f"/proc/{hub.process.pid}/maps").read_text()


def test_every_lab_is_discovered_in_the_books_order(hub):
    tabs = [c["props"]["id"] for c in config(hub.url)["components"] if c["type"] == "tabitem"]
    assert tabs == [*LABS, "models"]


def test_endpoints_of_the_readme_exist_before_any_tab_was_opened(hub):
    table = re.findall(r"^\| `/(\w+)\(", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    assert table and set(table) <= set(endpoints(hub.url))


@pytest.mark.parametrize(
    ("headers", "lang"),
    [
        ({"accept-language": "zh-CN,zh;q=0.9"}, "zh"),
        ({"accept-language": "en-GB"}, "en"),
        ({"accept-language": "en-GB", "cookie": "hub_lang=zh"}, "zh"),
    ],
)
def test_page_and_chip_come_in_the_visitors_language(hub, headers, lang):
    page = httpx.get(hub.url, headers=headers).text
    assert f"var lang = '{lang}'" in page[: page.index("</script>")]
    chip = httpx.get(f"{hub.url}/hub/status", headers=headers).json()["text"]
    assert ("等候" in chip) == (lang == "zh")


def test_first_visit_is_remembered_in_a_cookie_and_a_known_one_is_left_alone(hub):
    first = httpx.get(hub.url, headers={"accept-language": "zh-CN"})
    assert first.cookies["hub_lang"] == "zh"
    again = httpx.get(hub.url, headers={"cookie": "hub_lang=zh", "accept-language": "zh-CN"})
    assert "hub_lang" not in again.headers.get("set-cookie", "")


def test_direct_post_round_the_queue_is_refused(hub):
    for name in endpoints(hub.url):
        for route in (f"/gradio_api/run/{name}", f"/gradio_api/api/{name}"):
            answer = httpx.post(hub.url + route, json={"data": []})
            assert answer.status_code in (404, 405), f"{route}: {answer.status_code} {answer.text[:200]}"


def test_no_endpoint_reads_a_file_by_its_path(hub, tmp_path):
    """A raw path, and another session's upload, in the place of every parameter of every endpoint."""
    secret = f"secret-{uuid.uuid4().hex}"
    own = tmp_path / "secret.txt"
    own.write_text(secret)
    uploaded = httpx.post(
        f"{hub.url}/gradio_api/upload", files={"files": ("theirs.txt", secret.encode())}
    ).json()[0]
    infos = httpx.get(f"{hub.url}/gradio_api/info").json()["named_endpoints"]
    walked = 0
    for name, index in endpoints(hub.url).items():
        parameters = infos.get(f"/{name}", {}).get("parameters", [])
        for place in range(len(parameters)):
            for path in (str(own), uploaded):
                data: list = [p.get("parameter_default") for p in parameters]
                data[place] = {"path": path, "meta": {"_type": "gradio.FileData"}}
                assert secret not in call_raw(hub.url, index, data), f"/{name} parameter {place}"
                walked += 1
    assert walked >= 2 * len(infos)
    stolen = httpx.get(f"{hub.url}/gradio_api/file={own}")
    assert stolen.status_code in (403, 404)


@pytest.mark.parametrize(
    "path", ["/etc/hostname", str(ROOT / "app.py"), str(ROOT / "shared" / "settings.py")]
)
def test_files_of_the_machine_are_not_served(hub, path):
    assert httpx.get(f"{hub.url}/gradio_api/file={path}").status_code in (403, 404)


def test_models_lists_the_registry_with_what_was_measured(hub):
    from shared.models import MODELS

    rows = {row["key"]: row for row in Client(hub.url, verbose=False).predict(api_name="/models")}
    assert set(MODELS) <= set(rows)
    for key, spec in MODELS.items():
        assert rows[key]["licence"] == spec.licence and rows[key]["bytes"] == spec.bytes


def test_unload_needs_the_admin_token(start_hub, browser):
    hub = start_hub(HUB_ADMIN_TOKEN=ADMIN_TOKEN).wait()
    page = browser.new_page(locale="en-US")
    page.goto(f"{hub.url}/?tab=models")
    page.get_by_role("button", name="Load", exact=True).click()
    page.get_by_text("is ready after").wait_for()
    assert next(r for r in models(hub) if r["key"] == "smollm2-135m")["loaded"]
    page.get_by_role("button", name="Unload").click()
    page.get_by_text("The admin token is wrong").wait_for()
    page.get_by_label("Admin token").fill(ADMIN_TOKEN)
    page.get_by_role("button", name="Unload").click()
    page.get_by_text("its memory given back").wait_for()
    assert not next(r for r in models(hub) if r["key"] == "smollm2-135m")["loaded"]
    page.close()


def models(hub: Hub) -> list[dict]:
    return Client(hub.url, verbose=False).predict(api_name="/models")


def test_sharing_without_a_login_is_refused():
    with pytest.raises(SystemExit, match="HUB_AUTH"):
        from_env({"HUB_SHARE": "1"})
    with pytest.raises(SystemExit, match="HUB_AUTH"):
        from_env({"HUB_TUNNEL": "1"})
    assert from_env({"HUB_SHARE": "1", "HUB_AUTH": "class:secret"}).host == "0.0.0.0"


@pytest.mark.parametrize(
    "env", [{"HUB_AUTH": "nocolon"}, {"HUB_PORT": "99999"}, {"HUB_SLOTS": "many"}, {"HUB_SLOTS": "0"}]
)
def test_settings_that_make_no_sense_stop_the_start_with_a_sentence(env):
    with pytest.raises(SystemExit, match=next(iter(env))):
        from_env(env)


def test_shared_hub_prints_an_address_and_a_qr_code_and_asks_for_the_login(start_hub):
    hub = start_hub(HUB_SHARE="1", HUB_AUTH="class:secret", HUB_WARM="0").wait(auth=True)
    assert httpx.get(f"{hub.url}/config").status_code == 401
    log = hub.log.read_text()
    assert f":{hub.port} and log in as class" in log and "secret" not in log
    assert re.search("[▀▄█]{5}", log)
    with httpx.Client(base_url=hub.url) as client:
        assert client.post("/login", data={"username": "class", "password": "wrong"}).status_code == 400
        assert client.post("/login", data={"username": "class", "password": "secret"}).status_code == 200
        assert client.get("/config").status_code == 200


@pytest.fixture
def other_checkout(tmp_path: Path) -> Path:
    """The hub's code in another place, with one more lab and one that does not import."""
    for name in ("shared", "spaces"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", tmp_path)
    added = tmp_path / "spaces" / "sample"
    shutil.copytree(ROOT / "spaces" / "_template", added, ignore=shutil.ignore_patterns("__pycache__"))
    for path in added.glob("*.py"):
        path.write_text(path.read_text(encoding="utf-8").replace("_template", "sample"), encoding="utf-8")
    broken = tmp_path / "spaces" / "broken"
    broken.mkdir()
    (broken / "__init__.py").write_text("import a_package_that_is_not_there\n")
    return tmp_path


def test_added_lab_works_and_broken_lab_harms_only_its_own_tab(other_checkout, start_hub, browser):
    hub = start_hub(cwd=other_checkout, HUB_WARM="0").wait()
    client = Client(hub.url, verbose=False)
    assert client.predict("四个字符", api_name="/count_characters") == 4
    page = browser.new_page(locale="en-US")
    page.goto(f"{hub.url}/?tab=broken")
    page.get_by_text("This lab did not load; the others are not affected.").wait_for()
    page.get_by_text("a_package_that_is_not_there").wait_for()
    page.get_by_role("tab", name="Template").click()
    page.get_by_label("A sentence").fill("<b>four</b>")
    page.get_by_role("button", name="Count").click()
    page.wait_for_function("() => document.querySelector('.lab-result input')?.value === '11'")
    page.get_by_role("button", name="Show code").click()
    page.get_by_text("print(len(").wait_for()
    page.close()


def test_template_is_not_discovered():
    from shared.space import discover

    assert "_template" not in [space.id for space in discover()]


def test_errors_come_in_the_visitors_language(other_checkout, start_hub):
    hub = start_hub(cwd=other_checkout, HUB_WARM="0").wait()
    index = endpoints(hub.url)["count_characters"]
    zh = call_raw(hub.url, index, [" "], **{"accept-language": "zh-CN"})
    en = call_raw(hub.url, index, [" "], **{"accept-language": "en"})
    assert json.dumps("请先写一句话。")[1:-1] in zh or "请先写一句话。" in zh
    assert "Please write a sentence first." in en


def test_unexpected_failure_is_logged_and_said_in_general(other_checkout, start_hub):
    lab = other_checkout / "spaces" / "sample" / "lab.py"
    lab.write_text(lab.read_text().replace("return len(sentence)", "raise RuntimeError('the very details')"))
    hub = start_hub(cwd=other_checkout, HUB_WARM="0").wait()
    said = call_raw(hub.url, endpoints(hub.url)["count_characters"], ["x"], **{"accept-language": "en"})
    assert "That did not work" in said and "the very details" not in said
    assert "the very details" in hub.log.read_text()
