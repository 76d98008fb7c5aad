"""Listens on a socket and starts a daemon at the first connection, as systemd does with a socket unit.

socket-activator.py inherit|replace SOCKET COMMAND...
inherit: the daemon takes the listening socket over (fail2ban 1.1.1 and later); replace: it makes its own in its place.
Prints a line for each start; ends when its standard input does.
"""
import os
import select
import socket
import subprocess
import sys

mode, path, *command = sys.argv[1:]


def listen():
    if os.path.exists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(128)
    return listener


def pass_listener_on(listener):
    def prepare():
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1', LISTEN_FDNAMES='fail2ban')
        os.execvp(command[0], command)

    return prepare


def start(**options):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options)


def wait(listener, daemon):
    """Returns when the daemon has ended or removed its socket, or somebody connects while there is none."""
    had_socket = False
    while True:
        poll = select.poll()
        poll.register(sys.stdin, select.POLLIN | select.POLLHUP)
        if daemon is None:
            poll.register(listener, select.POLLIN)
        for file, events in poll.poll(20):
            if file == sys.stdin.fileno():
                sys.exit()
            if events & select.POLLHUP:
                return 'shut down'
            return 'connection'
        if daemon is not None and daemon.poll() is not None:
            return 'ended'
        # in time for whoever waits for the end of the process
        if listener.fileno() == -1 and had_socket and not os.path.exists(path):
            return 'removed'
        had_socket = os.path.exists(path)


listener = listen()
print('listening', flush=True)
daemon = None
while True:
    event = wait(listener, daemon)
    if event == 'removed':
        listener = listen()
    elif event == 'ended':
        daemon = None
        if listener.fileno() == -1:
            listener = listen()
    elif event == 'shut down':
        listener.close()
        listener = listen()
    elif mode == 'replace':
        listener.close()
        os.unlink(path)
        daemon = start()
        print('start', flush=True)
    else:
        daemon = start(preexec_fn=pass_listener_on(listener), close_fds=False)
        print('start', flush=True)
