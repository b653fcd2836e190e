"""The supervisor of the local servers, part by part."""

import os
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools.stack import folders, lock, postgres, steps, supervisor
from tools.stack.folders import Layout
from tools.stack.servers import Services


@pytest.fixture
def layout(tmp_path):
    made = Layout(var=tmp_path / "var", account=None)
    for folder in (made.run, made.data, made.kv, made.log):
        folder.mkdir(parents=True)
    return made


def write_pid_file(layout, pid):
    (layout.data / "postmaster.pid").write_text(f"{pid}\n{layout.data}\n")
    (layout.run / f"{folders.DATABASE_SOCKET}.lock").write_text(f"{pid}\n")


def test_a_pid_file_of_a_foreign_process_is_removed(layout):
    write_pid_file(layout, os.getpid())  # alive, but it works in another folder
    postgres.clear_stale_pid(layout)
    assert not (layout.data / "postmaster.pid").exists()
    assert not (layout.run / f"{folders.DATABASE_SOCKET}.lock").exists()


def test_a_pid_file_of_a_zombie_is_removed(layout):
    process = subprocess.Popen([sys.executable, "-c", ""], cwd=layout.data)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, and not collected yet
    write_pid_file(layout, process.pid)
    postgres.clear_stale_pid(layout)
    assert not (layout.data / "postmaster.pid").exists()
    process.wait()


def test_an_orphan_in_the_data_folder_is_stopped(layout):
    code = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print('on', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=layout.data, stdout=subprocess.PIPE)
    process.stdout.readline()
    write_pid_file(layout, process.pid)
    postgres.clear_stale_pid(layout)
    assert process.wait(10) == -2


def test_data_of_another_version_is_refused_with_the_way_out(layout, monkeypatch):
    (layout.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(SystemExit, match=r"made by PostgreSQL 16.*make backup.*make restore"):
        postgres.init(layout)


def test_a_database_is_known_by_its_number_wherever_its_folder_lies(layout, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    control = layout.data / "global" / "pg_control"
    control.parent.mkdir()
    control.write_bytes(b"number 1" + bytes(100))
    known = Services(layout).identity
    layout.data.rename(layout.data.with_name("before"))
    shutil.copytree(layout.data.with_name("before"), layout.data)
    assert Services(layout).identity == known
    control.write_bytes(b"number 2" + bytes(100))
    assert Services(layout).identity != known
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/hub")
    assert Services(layout).identity != Services(layout).identity


@pytest.mark.parametrize(("wish", "niceness"), [("1", [0, 10, 5]), ("0", [0, 0, 0])])
def test_the_worker_gives_way_to_the_web_unless_nobody_is_to(layout, monkeypatch, wish, niceness):
    monkeypatch.setenv("HALYQ_PRIORITIES", wish)
    with socket.socket() as listener:
        programs = supervisor._programs(Services(layout), listener, None, "http://127.0.0.1:8017/")
    assert [program.nice for program in programs] == niceness


def test_a_folder_too_deep_for_a_socket_is_refused(tmp_path):
    deep = Layout(var=tmp_path / ("x" * 120), account=None)
    with pytest.raises(SystemExit, match="HALYQ_VAR"):
        deep.make_folders()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the account")
class TestUnderRoot:
    def test_a_closed_folder_is_replaced_by_one_that_postgresql_can_enter(self, tmp_path, monkeypatch, capsys):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        monkeypatch.setenv("HALYQ_VAR", str(closed / "var"))
        chosen = folders.choose_layout()
        try:
            assert chosen.var.parent == folders.Path("/var/tmp")
            assert (closed / "var").resolve() == chosen.var
            assert str(chosen.var) in capsys.readouterr().out
            assert folders.choose_layout() == chosen
        finally:
            chosen.var.rmdir()

    def test_a_closed_folder_with_data_is_not_left_behind_in_silence(self, tmp_path, monkeypatch):
        closed = tmp_path / "closed"
        (closed / "var" / "media").mkdir(parents=True)
        closed.chmod(0o700)
        monkeypatch.setenv("HALYQ_VAR", str(closed / "var"))
        with pytest.raises(SystemExit, match="not empty"):
            folders.choose_layout()


def test_a_taken_port_is_passed_over(monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.delenv("HALYQ_PORT", raising=False)
        monkeypatch.setattr(supervisor, "FIRST_PORT", port)
        with supervisor.listen() as listener:
            assert listener.getsockname()[1] > port
        assert f"Port {port} is taken" in capsys.readouterr().out


def test_a_wanted_port_that_is_taken_is_named(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("HALYQ_PORT", str(taken.getsockname()[1]))
        with pytest.raises(SystemExit, match="is taken"):
            supervisor.listen()


@pytest.mark.parametrize(("wanted", "told"), [("", "http://127.0.0.1:8017"), ("https://uni.kz", "https://uni.kz")])
def test_links_in_messages_lead_to_the_port_that_was_taken(layout, monkeypatch, wanted, told):
    monkeypatch.setenv("PUBLIC_URL", wanted)
    with socket.socket() as listener:
        programs = supervisor._programs(Services(layout), listener, None, "http://127.0.0.1:8017/")
    assert {program.environment["PUBLIC_URL"] for program in programs} == {told}


def test_signatures_are_checked_by_the_stand_in_unless_there_is_a_real_ncanode(layout, monkeypatch):
    monkeypatch.setenv("NCANODE_URL", "https://ncanode.example.kz")
    assert supervisor.listen_for_signatures() is None
    monkeypatch.delenv("NCANODE_URL")
    with socket.socket() as listener, supervisor.listen_for_signatures() as signing:
        programs = supervisor._programs(Services(layout), listener, signing, "http://127.0.0.1:8017/")
    assert programs[-1].name == "eds"
    assert len({program.environment["NCANODE_URL"] for program in programs}) == 1


def test_a_second_supervisor_of_a_folder_is_refused(layout):
    held = lock.acquire(layout)
    lock.write_owner(held, "http://127.0.0.1:8000/")
    assert lock.acquire(layout) is None
    assert lock.read_owner(layout).address == "http://127.0.0.1:8000/"
    os.close(held)
    again = lock.acquire(layout)
    assert again is not None
    os.close(again)


def test_an_owner_whose_number_went_to_another_process_is_not_alive(layout):
    held = lock.acquire(layout)
    owner = lock.read_owner(layout)
    assert owner.is_alive
    assert not lock.Owner(pid=owner.pid, started="1", address="").is_alive
    os.close(held)


@pytest.mark.parametrize(("wanted", "told"), [("", "http://127.0.0.1:8017"), ("https://uni.kz", "https://uni.kz")])
def test_the_address_of_the_demo_messages_is_that_of_the_port_that_was_taken(layout, monkeypatch, wanted, told):
    """The printed table of the accounts is kept between two starts: another port makes it anew."""
    monkeypatch.setenv("PUBLIC_URL", wanted)
    monkeypatch.setenv("HALYQ_DEMO", "1")
    for name in ("start_database", "start_key_value"):
        monkeypatch.setattr(Services, name, lambda self: None)
    monkeypatch.setattr(Services, "identity", "database 1")
    monkeypatch.setattr(steps.Steps, "_call", lambda self, command: None)

    def print_accounts(command, *, env, **options):
        return SimpleNamespace(stdout=f"messages at {env['PUBLIC_URL']}/demo/messages/")

    monkeypatch.setattr(steps.subprocess, "run", print_accounts)
    supervisor._prepare(Services(layout), "http://127.0.0.1:8000/")
    assert supervisor._prepare(Services(layout), "http://127.0.0.1:8017/").accounts().split()[-1] == (
        f"{told}/demo/messages/"
    )


@pytest.fixture
def preparations(layout, monkeypatch):
    done = []
    monkeypatch.setattr(steps.Steps, "_call", lambda self, command: done.append(command))
    prepared = steps.Steps(layout.var, {"HALYQ_DEMO": "0"}, identity="database 1")
    return SimpleNamespace(steps=prepared, done=done)


def names(done):
    return [command[2] if command[1] == "manage.py" else command[1] for command in done]


def test_unchanged_steps_are_skipped(preparations):
    preparations.steps.run_all()
    assert "migrate" in names(preparations.done)
    preparations.done.clear()
    preparations.steps.run_all()
    assert preparations.done == []


def test_the_demo_city_is_counted_once_before_the_web_starts(preparations, monkeypatch):
    monkeypatch.setattr(steps.Steps, "_list_accounts", lambda self: None)
    preparations.steps.environment = {"HALYQ_DEMO": "1"}
    preparations.steps.run_all()
    made = names(preparations.done)
    assert made.index("order_statistics") > made.index("count_statistics") > made.index("make_demo")
    preparations.done.clear()
    preparations.steps.run_all()
    assert preparations.done == []


def test_what_the_steps_make_is_no_input_of_theirs():
    """Else every start would collect the static files of the start before."""
    inputs = [*steps.static_files(), *steps.source_files(".py", ".po")]
    assert len(inputs) > 50
    assert not [path for path in inputs if "var" in path.relative_to(folders.ROOT).parts]


def test_a_new_database_is_migrated_and_the_static_files_stay(preparations):
    preparations.steps.run_all()
    preparations.done.clear()
    preparations.steps.identity = "database 2"
    preparations.steps.run_all()
    assert "migrate" in names(preparations.done)
    assert "collectstatic" not in names(preparations.done)
