from __future__ import annotations

from collector.store import open_store, site_salt


def test_a_database_that_is_not_there_gives_a_fresh_salt_and_is_not_made(tmp_path):
    path = tmp_path / "new.db"
    assert site_salt(path) != site_salt(path)
    assert not path.exists()


def test_the_first_salt_kept_stays(tmp_path):
    path = tmp_path / "t.db"
    with open_store(path) as store:
        assert store.salt() is None
        store.keep_salt(b"first salt")
        store.keep_salt(b"second salt")
    assert site_salt(path) == b"first salt"
