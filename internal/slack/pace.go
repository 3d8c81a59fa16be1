package slack

import "time"

// paceWindow is the time that Slack's tiers count calls in.
const paceWindow = time.Minute

// pace keeps the calls of each method below what Slack takes: so many in any
// minute, and for some methods a least time between two for one channel. It
// knows no clock.
type pace struct {
	rules map[string]Method
	// calls are the instants of the last minute's, the oldest first.
	calls map[string][]time.Time
	// last call for a channel, by method.
	last   map[string]map[string]time.Time
	paused map[string]time.Time
}

// newPace paces these methods; others are free.
func newPace(methods []Method) *pace {
	p := &pace{rules: map[string]Method{}, calls: map[string][]time.Time{}, last: map[string]map[string]time.Time{}, paused: map[string]time.Time{}}
	for _, m := range methods {
		p.rules[m.Name] = m
	}
	return p
}

// most is how many calls we make in a minute where Slack takes so many: a tenth
// is left to those that wait for nobody's leave, and to clocks that differ.
func most(minute int) int { return max(1, minute-(minute+9)/10) }

// Free says when the method may be called for the channel, now at the earliest.
func (p *pace) Free(method, channel string, now time.Time) time.Time {
	rule, known := p.rules[method]
	if !known {
		return now
	}
	at := now
	if until := p.paused[method]; until.After(at) {
		at = until
	}
	calls := p.recent(method, now)
	if n := most(rule.Minute); len(calls) >= n {
		if next := calls[len(calls)-n].Add(paceWindow); next.After(at) {
			at = next
		}
	}
	if last, ok := p.last[method][channel]; ok && rule.PerChannel > 0 {
		if next := last.Add(rule.PerChannel); next.After(at) {
			at = next
		}
	}
	return at
}

// Take notes a call that is made now.
func (p *pace) Take(method, channel string, now time.Time) {
	rule, known := p.rules[method]
	if !known {
		return
	}
	p.calls[method] = append(p.recent(method, now), now)
	if rule.PerChannel <= 0 {
		return
	}
	if p.last[method] == nil {
		p.last[method] = map[string]time.Time{}
	}
	for c, at := range p.last[method] { // what is past holds nobody up
		if now.Sub(at) >= rule.PerChannel {
			delete(p.last[method], c)
		}
	}
	p.last[method][channel] = now
}

// Pause keeps a method from being called before then: Slack said so.
func (p *pace) Pause(method string, until time.Time) {
	if until.After(p.paused[method]) {
		p.paused[method] = until
	}
}

// recent are the calls of the last minute. One at the very edge still counts.
func (p *pace) recent(method string, now time.Time) []time.Time {
	calls := p.calls[method]
	for len(calls) > 0 && now.Sub(calls[0]) >= paceWindow {
		calls = calls[1:]
	}
	p.calls[method] = calls
	return calls
}
