package main

import (
	"context"
	"sync"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// bells ring in this process when a gate told its people, and when it is
// decided: whoever drives a gate waits for them instead of asking the engine or
// the record again and again, which would be measured too.
type bells struct {
	mu sync.Mutex
	of map[string]*bell
	// heard is told of each ring instead, in a process that waits for none.
	heard func(gate string)
}

// bell is one gate's.
type bell struct {
	rung int
	want int
	is   chan struct{}
}

// wait returns what closes once the gate rang want times in all.
func (b *bells) wait(gate string, want int) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.get(gate)
	one.want, one.is = want, make(chan struct{})
	if one.rung >= want {
		close(one.is)
	}
	return one.is
}

func (b *bells) ring(gate string) {
	if b.heard != nil {
		b.heard(gate)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.get(gate)
	one.rung++
	if one.is != nil && one.rung == one.want {
		close(one.is)
	}
}

func (b *bells) forget(gate string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.of, gate)
}

// rang is how often a gate rang so far.
func (b *bells) rang(gate string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.get(gate).rung
}

// reminded is the bell of a gate's reminders.
func reminded(id string) string { return id + "/reminded" }

func (b *bells) get(gate string) *bell {
	one := b.of[gate]
	if one == nil {
		one = &bell{}
		b.of[gate] = one
	}
	return one
}

// Channel names it.
func (*bells) Channel() string { return "bench" }

// Show rings for each person who is asked, and another bell for each who is
// reminded.
func (b *bells) Show(_ context.Context, n review.Notice) (bool, error) {
	if n.Why == playbook.WhyReminder {
		b.ring(reminded(n.Case))
		return true, nil
	}
	b.ring(n.Case)
	return true, nil
}

// Follow rings when the request is decided.
func (b *bells) Follow(_ context.Context, c review.Copy) error {
	if c.Closed {
		b.ring(c.Request)
	}
	return nil
}
