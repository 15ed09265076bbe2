"""How fast servers with the API of AWS Step Functions are: `asl serve` beside ministack, LocalStack, moto and stepfunctions-local.

usage: compare.py ASL [--clients 64] [--processes 8] [--seconds 10] [--only NAME] [--plain] [--localstack PYTHON]

In: the command `asl`, and the others where they are installed (`benches/README.md` says how). Out: for each server the memory that it takes before
it has done anything, how soon the first execution of a new definition succeeds, how long a loop of a thousand transitions takes, the executions a
second from StartExecution to SUCCEEDED of a machine with three states, how long one takes, and what the server's processes take of a processor for
one. Clients are spread over processes, because one Python interpreter uses one processor alone; so on a small machine clients take most of it, and
the processor time says more than the rate. With `--plain` the clients write their requests themselves, which takes a twentieth of what boto3 does. What a server still does for a definition after
its first execution, such as compiling it once more, is waited for and not counted.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from multiprocessing import Process, Queue

import boto3
from botocore.config import Config

STATES = {
    "StartAt": "Take",
    "States": {
        "Take": {"Type": "Pass", "Parameters": {"order.$": "$.order"}, "Next": "Choose"},
        "Choose": {"Type": "Choice", "Choices": [{"Variable": "$.order", "NumericGreaterThan": 0, "Next": "Done"}], "Default": "Done"},
        "Done": {"Type": "Succeed"},
    },
}
# Two states, five hundred times.
LOOP = {
    "StartAt": "Add",
    "States": {
        "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Enough?"},
        "Enough?": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 500, "Next": "Add"}], "Default": "Done"},
        "Done": {"Type": "Succeed"},
    },
}
TRANSITIONS = 1001
ROLE = "arn:aws:iam::000000000000:role/any"


def client(endpoint):
    config = Config(inject_host_prefix=False, retries={"max_attempts": 0}, max_pool_connections=2)
    keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any", "region_name": "us-east-1"}
    return boto3.session.Session().client("stepfunctions", endpoint_url=endpoint, config=config, **keys)


class Plain:
    """What is needed of a client, in as little time as Python takes."""

    def __init__(self, endpoint):
        self.address = ("127.0.0.1", int(endpoint.rsplit(":", 1)[1]))
        self.open()

    def open(self):
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")

    def call(self, action, parameters):
        body = json.dumps(parameters).encode()
        key = "Credential=any/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00"
        head = (
            f"POST / HTTP/1.1\r\nHost: states\r\nX-Amz-Target: AWSStepFunctions.{action}\r\nContent-Type: application/x-amz-json-1.0\r\n"
            f"Authorization: AWS4-HMAC-SHA256 {key}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.socket.sendall(head.encode() + body)
        status = self.answers.readline()
        if not status:
            # Some servers close a connection after a number of requests.
            self.open()
            return self.call(action, parameters)
        length = 0
        for line in iter(self.answers.readline, b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        answer = self.answers.read(length)
        assert b" 200 " in status, answer
        return json.loads(answer)

    def start_execution(self, **parameters):
        return self.call("StartExecution", parameters)

    def describe_execution(self, **parameters):
        return self.call("DescribeExecution", parameters)


def execute(sfn, machine, given='{"order": 7}'):
    # Not every server draws a name.
    arn = sfn.start_execution(stateMachineArn=machine, name=str(uuid.uuid4()), input=given)["executionArn"]
    while True:
        described = sfn.describe_execution(executionArn=arn)
        if described["status"] != "RUNNING":
            assert described["status"] == "SUCCEEDED", described
            return


def clients(kind, endpoint, machine, count, seconds, results):
    """Several clients in one process: how long each execution took."""
    lists = [[] for _ in range(count)]

    refused = []

    def work(taken):
        try:
            sfn = kind(endpoint)
            execute(sfn, machine)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                start = time.monotonic()
                execute(sfn, machine)
                taken.append(time.monotonic() - start)
        except Exception as error:
            refused.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=work, args=[taken]) for taken in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(([taken for taken in lists for taken in taken], refused))


def processes(session):
    """The processes of a session, a server and those that it has started, each with what the system says of it."""
    for entry in os.listdir("/proc"):
        try:
            fields = open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split() if entry.isdigit() else []
        except OSError:
            continue
        if fields and int(fields[3]) == session:
            yield fields


def processor_seconds(session):
    """What they have used."""
    return sum(sum(map(int, fields[11:15])) for fields in processes(session)) / os.sysconf("SC_CLK_TCK")


def megabytes(session):
    """What they have in memory."""
    return sum(int(fields[21]) for fields in processes(session)) * os.sysconf("SC_PAGE_SIZE") / 1e6


def loop(sfn):
    """How long a transition of a loop takes, in microseconds; the least of several, nothing where the server does not run the machine."""
    try:
        machine = sfn.create_state_machine(name="loop", definition=json.dumps(LOOP), roleArn=ROLE)["stateMachineArn"]
        execute(sfn, machine, '{"n": 0}')
        taken = []
        for _ in range(5):
            start = time.monotonic()
            execute(sfn, machine, '{"n": 0}')
            taken.append(time.monotonic() - start)
    except Exception as error:
        print(f"the loop was refused: {error}"[:200], file=sys.stderr)
        return None
    return min(taken) / TRANSITIONS * 1e6


def settle(session):
    """Waits until a server does nothing more of its own; a minute at most."""
    used = processor_seconds(session)
    for _ in range(30):
        time.sleep(2)
        before, used = used, processor_seconds(session)
        if used - before < 0.1:
            return


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"nothing listens at {port}")


def measure(name, command, environment, prepare, options):
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    command = [part.format(port=port) for part in command]
    environment = {**os.environ, **{key: value.format(port=port) for key, value in environment.items()}}
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            wait_for(port)
            prepare(endpoint)
            settle(server.pid)
            idle = megabytes(server.pid)
            sfn = client(endpoint)
            start = time.monotonic()
            # A comment of its own, so that nothing was compiled before.
            definition = json.dumps({**STATES, "Comment": str(time.time_ns())})
            machine = sfn.create_state_machine(name="bench", definition=definition, roleArn=ROLE)["stateMachineArn"]
            execute(sfn, machine)
            first = time.monotonic() - start
            settle(server.pid)
            results, before, begin = Queue(), processor_seconds(server.pid), time.monotonic()
            each = options.clients // options.processes
            workers = [Process(target=clients, args=[options.kind, endpoint, machine, each, options.seconds, results]) for _ in range(options.processes)]
            for worker in workers:
                worker.start()
            ended = [results.get() for _ in workers]
            taken = sorted(time for times, _ in ended for time in times)
            refused = [reason for _, reasons in ended for reason in reasons]
            passed, used = time.monotonic() - begin, processor_seconds(server.pid) - before
            for worker in workers:
                worker.join()
            settle(server.pid)
            # Last, because not every server comes back from it.
            transition = loop(sfn)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    if not taken:
        print(f"{name:19} refused: {(refused or ['nothing ended in time'])[0][:200]}", flush=True)
        return
    if refused:
        print(f"{name:19} {len(refused)} of {options.clients} clients were refused: {refused[0][:200]}", flush=True)
    rate = len(taken) / options.seconds
    middle, late = statistics.median(taken) * 1000, taken[int(len(taken) * 0.99)] * 1000
    print(
        f"{name:19} {rate:8.1f} executions a second, half within {middle:7.1f} ms, 99 % within {late:7.1f} ms, "
        f"{used / len(taken) * 1000:7.2f} ms of a processor each ({used / passed:4.2f} busy), first after {first:5.2f} s, "
        f"{'no loop' if transition is None else f'{transition:6.0f} us for each transition of a loop'}, {idle:5.0f} MB at the start",
        flush=True,
    )


def moto_runs_machines(endpoint):
    """Otherwise moto says of each execution what it was told to say, and runs none."""
    body = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/config", body, {"Content-Type": "application/json"})).close()


def nothing(endpoint):
    """A server that is ready as it is."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("asl")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--only")
    parser.add_argument("--localstack", help="a Python that has LocalStack")
    parser.add_argument("--plain", dest="kind", action="store_const", const=Plain, default=client)
    options = parser.parse_args()
    asl = os.path.abspath(options.asl)
    localstack = {
        "GATEWAY_LISTEN": "127.0.0.1:{port}",
        # It writes where a container has room otherwise, and asks its makers' servers.
        "filesystem_root": ".",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
    }
    local = ["stepfunctions-local", "start", "--port", "{port}", "--region", "us-east-1"]
    servers = [
        ("asl serve", [asl, "serve", "--port", "{port}"], {}, nothing),
        ("ministack", ["ministack"], {"GATEWAY_PORT": "{port}"}, nothing),
        ("LocalStack", [options.localstack, "-m", "localstack.runtime.main"], localstack, nothing),
        ("moto", ["moto_server", "-p", "{port}"], {}, moto_runs_machines),
        ("stepfunctions-local", local, {}, nothing),
    ]
    for name, command, environment, prepare in servers:
        if options.only not in (None, name):
            continue
        if command[0] is None or shutil.which(command[0]) is None:
            print(f"{name:19} skipped: it is not installed")
            continue
        measure(name, command, environment, prepare, options)


if __name__ == "__main__":
    main()
