package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// child is a process of this program with a role.
type child struct {
	cmd   *exec.Cmd
	in    io.WriteCloser // when it closes, the child ends
	said  chan int64
	ended chan struct{}
}

// spawn starts a child and waits until it says where it is. What rings there
// rings in b.
func spawn(c calling, b *bells) (*child, place, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, place{}, fmt.Errorf("finding this program: %w", err)
	}
	what, err := json.Marshal(c)
	if err != nil {
		return nil, place{}, fmt.Errorf("writing what a process is to be: %w", err)
	}
	k := &child{cmd: exec.Command(self, roleWord, string(what)), said: make(chan int64, 1), ended: make(chan struct{})}
	k.cmd.Stderr = os.Stderr
	k.in, err = k.cmd.StdinPipe()
	if err != nil {
		return nil, place{}, fmt.Errorf("taking a process's input: %w", err)
	}
	out, err := k.cmd.StdoutPipe()
	if err != nil {
		return nil, place{}, fmt.Errorf("taking a process's output: %w", err)
	}
	err = k.cmd.Start()
	if err != nil {
		return nil, place{}, fmt.Errorf("starting a process: %w", err)
	}
	lines := bufio.NewScanner(out)
	var at place
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &at) != nil {
		return nil, place{}, errors.Join(fmt.Errorf("a process as %s said nothing of use", c.Role), k.in.Close(), k.cmd.Wait())
	}
	go k.listen(lines, b)
	return k, at, nil
}

func (k *child) listen(lines *bufio.Scanner, b *bells) {
	for lines.Scan() {
		if gate, ok := strings.CutPrefix(lines.Text(), ringWord); ok && b != nil {
			b.ring(gate)
		}
		if bytes, ok := strings.CutPrefix(lines.Text(), memoryWord); ok {
			n, _ := strconv.ParseInt(bytes, 10, 64) // 0: not known
			k.said <- n
		}
	}
	_ = k.cmd.Wait() // how a killed process ended is known
	close(k.ended)
}

// memory is how many bytes the process has.
func (k *child) memory() (float64, error) {
	_, err := io.WriteString(k.in, "memory\n")
	if err != nil {
		return 0, fmt.Errorf("asking a process for its memory: %w", err)
	}
	select {
	case n := <-k.said:
		return float64(n), nil
	case <-k.ended:
		return 0, errors.New("a process ended that was to tell its memory")
	case <-time.After(time.Minute):
		return 0, errors.New("a process does not tell its memory")
	}
}

// pid names it among those whose names stand in histories.
func (k *child) pid() string { return strconv.Itoa(k.cmd.Process.Pid) }

// signal sends it a signal, and does not wait for what it does then.
func (k *child) signal(s syscall.Signal) { _ = k.cmd.Process.Signal(s) } // it may have ended

// end lets it finish what it does, and waits.
func (k *child) end() {
	_ = k.in.Close()
	select {
	case <-k.ended:
	case <-time.After(time.Minute):
		k.signal(syscall.SIGKILL)
		<-k.ended
	}
}
