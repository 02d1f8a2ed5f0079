"""A throwaway RabbitMQ: one node of its own, on loopback, with its own data, cookie and port mapper."""

import secrets
import shutil
import signal
import time

from kombu import Connection
from kombu.exceptions import OperationalError

from config.embedded import processes
from config.embedded.processes import Program
from tests.config.running import START_TIMEOUT_S, free_port

# Debian's program on the usual path is a wrapper, which changes the user and reads the settings of the system's node.
FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/local/sbin", "/opt/homebrew/sbin", "/usr/local/bin")
MISSING = "No RabbitMQ was found: install Debian’s package “rabbitmq-server” (apt-get install rabbitmq-server)."


def find():
    """Return RabbitMQ's start script and Erlang's port mapper, or None where one is missing."""
    server, epmd = shutil.which("rabbitmq-server", path=":".join(FOLDERS)), shutil.which("epmd")
    return (server, epmd) if server and epmd else None


class RabbitMQ:
    """A node that can be killed and started again on the same data."""

    def __init__(self, folder, server, epmd):
        self.folder = folder
        self.port, self.epmd_port = free_port(), free_port()
        self.password = secrets.token_urlsafe(16)
        self.log = folder / "log"
        env = {
            "HOME": str(folder),  # where the cookie is made
            "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"second-source-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            # One scheduler, which does not spin while it waits: the machine has others to serve.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        }
        settings = {"default_user": "second_source", "default_pass": self.password, "disk_free_limit.absolute": "50MB"}
        (folder / "rabbitmq.conf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        (folder / "plugins").write_text("[].\n")
        mapper = [epmd, "-port", str(self.epmd_port), "-address", "127.0.0.1"]
        self._mapper = Program(name="epmd", command=mapper, env=env, cwd=folder)
        self._node = Program(name="rabbitmq", command=[server], env=env, cwd=folder, stop_timeout_s=30)
        self._running = []

    @property
    def url(self):
        return f"amqp://second_source:{self.password}@127.0.0.1:{self.port}//"

    def start(self):
        """Return once it takes connections."""
        with self.log.open("ab") as log:
            if not self._running:
                self._running.append(self._mapper.start(output=log))
            self._running.append(self._node.start(output=log))
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            ended = self._running[-1].poll() is not None
            assert not ended, self.log.read_text(errors="replace")
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")
            time.sleep(0.2)
        return self

    def kill(self):
        """End the node as a power cut would."""
        node = self._running.pop()
        processes.kill_group(node.pid)
        assert node.wait(30) == -signal.SIGKILL

    def end(self):
        while self._running:
            process = self._running.pop()
            processes.kill_group(process.pid)
            process.wait(30)

    def _answers(self):
        with Connection(self.url, connect_timeout=5) as connection:
            try:
                connection.ensure_connection(max_retries=1, interval_start=0)
            except OperationalError:
                return False
        return True
