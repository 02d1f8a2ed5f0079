"""Which application tasks are handed out by."""

import threading

import celery


def test_tasks_are_handed_out_by_the_sites_application_in_every_thread():
    # Not imported here, so that it is known to whoever has Django loaded.
    found = []
    thread = threading.Thread(target=lambda: found.append(celery.current_app.main))
    thread.start()
    thread.join()

    assert found == ["second_source"]
