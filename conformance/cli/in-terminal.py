"""Runs a command in a pseudo-terminal. What it writes goes to standard output as it comes; its exit code is this one's.

Lines of standard input change the terminal: `size <columns> <rows>`, `key <character code>`.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

columns, rows, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)


def resize(columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


resize(columns, rows)
listened = [terminal, sys.stdin.fileno()]
pending = b""
while True:
    ready, _, _ = select.select(listened, [], [])
    if terminal in ready:
        try:
            written = os.read(terminal, 65536)
        except OSError:
            break
        if not written:
            break
        os.write(1, written)
    if sys.stdin.fileno() in ready:
        asked = os.read(sys.stdin.fileno(), 4096)
        if not asked:
            listened.remove(sys.stdin.fileno())
        pending += asked
        *lines, pending = pending.split(b"\n")
        for line in lines:
            verb, *words = line.decode().split()
            if verb == "size":
                resize(*words)
            elif verb == "key":
                os.write(terminal, bytes([int(words[0])]))
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
# As a shell says it: 128 and the signal.
sys.exit(code if code >= 0 else 128 - code)
