"""What a server with many executions in its folder takes: to start, to list them, and while it is idle.

usage: kept.py ASL [--executions 100000] [--folder FOLDER]

In: the command `asl`. Out: the time from its start to the first answer and the memory of the idle process, on an empty folder and on one with
all executions; and how long pages of ListExecutions take, with each filter, from the first page to the last. Executions of a folder that is named
stay in it, and are not made again. Nothing is needed beside Python.
"""

import argparse
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time

ROLE = "arn:aws:iam::000000000000:role/any"
DEFINITION = {
    "StartAt": "Choose",
    "States": {
        "Choose": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.order", "NumericGreaterThan": 0, "Next": "Done"}, {"Variable": "$.order", "NumericEquals": 0, "Next": "Wait"}],
            "Default": "Refuse",
        },
        "Done": {"Type": "Succeed"},
        "Refuse": {"Type": "Fail", "Error": "Refused", "Cause": "there is no such order"},
        "Wait": {"Type": "Wait", "Seconds": 1000000, "Next": "Done"},
    },
}


class Server:
    """A server, from its start."""

    def __init__(self, asl, folder):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        begin = time.monotonic()
        command = [asl, "serve", "--port", str(self.port), "--data", folder]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, start_new_session=True)
        while True:
            try:
                self.client().ask("ListStateMachines", {})
                break
            except OSError:
                assert self.process.poll() is None, "the server has ended"
                time.sleep(0.001)
        self.started = time.monotonic() - begin

    def client(self):
        return Client(self.port)

    def memory(self):
        """Megabytes of the process, without those that hold machines."""
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def processor(self):
        """Milliseconds that its threads have used."""
        threads = f"/proc/{self.process.pid}/task"
        return sum(int(open(f"{threads}/{thread}/schedstat").read().split()[0]) for thread in os.listdir(threads)) / 1e6

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(self, action, request):
        head = {"X-Amz-Target": f"AWSStepFunctions.{action}", "Content-Type": "application/x-amz-json-1.0"}
        self.connection.request("POST", "/", json.dumps(request), head)
        answer = json.loads(self.connection.getresponse().read())
        assert "__type" not in answer, answer
        return answer


def fill(server, count):
    """Starts executions of two machines, of which some fail and some wait, and waits until the others have ended."""
    machines = []
    for name in ["orders", "returns"]:
        request = {"name": name, "definition": json.dumps(DEFINITION), "roleArn": ROLE}
        machines.append(server.client().ask("CreateStateMachine", request)["stateMachineArn"])

    def start(first):
        client = server.client()
        for number in range(first, count, THREADS):
            # One in ten fails; one in a thousand waits; one in a hundred is of the second machine.
            order = 0 if number % 1000 == 500 else -1 if number % 10 == 3 else number + 1
            machine = machines[number % 100 == 7]
            client.ask("StartExecution", {"stateMachineArn": machine, "input": json.dumps({"order": order})})

    threads = [threading.Thread(target=start, args=[first]) for first in range(THREADS)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{count} executions started, {count / (time.monotonic() - begin):.0f} a second", flush=True)
    client, waiting = server.client(), count // 1000
    while len(client.ask("ListExecutions", {"stateMachineArn": machines[0], "statusFilter": "RUNNING", "maxResults": 1000})["executions"]) > waiting:
        time.sleep(0.2)


THREADS = 8


def pages(server, title, request):
    """How long each page takes, from the first to the last."""
    client, taken, found, token, before = server.client(), [], 0, {}, server.processor()
    while True:
        begin = time.monotonic()
        answer = client.ask("ListExecutions", {**request, **token})
        taken.append((time.monotonic() - begin) * 1000)
        found += len(answer["executions"])
        if "nextToken" not in answer:
            break
        token = {"nextToken": answer["nextToken"]}
    print(
        f"{title:33} {len(taken):4} pages, {found:6} executions, half within {statistics.median(taken):5.2f} ms, the slowest {max(taken):7.2f} ms, "
        f"{(server.processor() - before) / len(taken):5.2f} ms of a processor each{verdict(statistics.median(taken), 5, 'ms')}",
        flush=True,
    )


def verdict(figure, target, unit):
    return f", target <= {target} {unit}: {'met' if figure <= target else 'MISSED'}"


def starts(asl, folder, title):
    """Starts a server some times, and leaves the last one running."""
    times, used = [], []
    for _ in range(5):
        server = Server(asl, folder)
        used.append(server.processor())
        times.append(server.started * 1000)
        time.sleep(1)
        memory = server.memory()
        server.end()
    middle = statistics.median(times)
    print(
        f"started with {title:20} {middle:5.0f} ms ({min(times):.0f} to {max(times):.0f}), {statistics.median(used):.0f} ms of a processor"
        f"{verdict(middle, 100, 'ms')}; idle {memory:5.1f} MB{verdict(memory, 60, 'MB')}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("asl")
    parser.add_argument("--executions", type=int, default=100_000)
    parser.add_argument("--folder")
    options = parser.parse_args()
    asl = os.path.abspath(options.asl)
    with tempfile.TemporaryDirectory() as empty:
        starts(asl, empty, "an empty folder")
    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.abspath(options.folder or temporary)
        os.makedirs(folder, exist_ok=True)
        server = Server(asl, folder)
        if not server.client().ask("ListStateMachines", {})["stateMachines"]:
            fill(server, options.executions)
        time.sleep(5)
        print(f"idle after that {server.memory():5.1f} MB")
        server.end()
        starts(asl, folder, f"{options.executions} executions")
        server = Server(asl, folder)
        orders, returns = (f"arn:aws:states:us-east-1:000000000000:stateMachine:{name}" for name in ["orders", "returns"])
        pages(server, "executions of a machine", {"stateMachineArn": orders})
        for status in ["SUCCEEDED", "FAILED", "RUNNING", "TIMED_OUT", "ABORTED"]:
            pages(server, f"those that are {status}", {"stateMachineArn": orders, "statusFilter": status})
        for redriven in ["REDRIVEN", "NOT_REDRIVEN"]:
            pages(server, f"those that are {redriven}", {"stateMachineArn": orders, "redriveFilter": redriven})
        pages(server, "executions of a machine with few", {"stateMachineArn": returns})
        for status in ["SUCCEEDED", "RUNNING"]:
            pages(server, f"those of it that are {status}", {"stateMachineArn": returns, "statusFilter": status})
        print(f"idle after that {server.memory():5.1f} MB")
        server.end()


if __name__ == "__main__":
    main()
