"""How the application server runs, in the demonstration and in an installation.

``gunicorn --config deploy/gunicorn.conf.py`` in the folder of the checkout; options on the command line go first.
"""

import ctypes
import gc
import logging
import socket
import struct
from typing import Any

wsgi_app = "stutensee_im.wsgi"
bind = "127.0.0.1:8000"

# Threads: a connection that says nothing would take a whole worker of the other kind. A thread holds at most one
# connection to the database.
worker_class = "gthread"
workers = 2
threads = 16
# Seconds until a worker that has stopped altogether is replaced; a long request in a thread is no such stop.
timeout = 60
keepalive = 5
# The application is read once and shared by the workers, which start at once and need less memory together.
preload_app = True
control_socket_disable = True

# glibc gives every thread a heap of its own, and each keeps what it ever needed; one will do, as only one thread runs
# Python at a time.
M_ARENA_MAX = -8
if hasattr(c := ctypes.CDLL(None), "mallopt"):
    c.mallopt(M_ARENA_MAX, 1)

# A request that stops half-way is given up; gunicorn itself would wait for the rest for ever.
STALLED_AFTER_SECONDS = 20


def when_ready(server: Any) -> None:
    """Set the time-out of the listening sockets; every connection inherits it."""
    for listener in server.LISTENERS:
        patience = struct.pack("ll", STALLED_AFTER_SECONDS, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
    server.log.error_log.addFilter(without_traceback)


def pre_fork(server: Any, worker: Any) -> None:
    """Leave alone what was read before: a collection that marks it in a worker would copy every page it lies on."""
    gc.collect()
    gc.freeze()


def without_traceback(record: logging.LogRecord) -> bool:
    """A client that fell silent is worth a line, no more."""
    if record.exc_info and isinstance(record.exc_info[1], BlockingIOError):
        record.msg, record.exc_info = "A request stopped half-way and was given up.", None
    return True
