package mail

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// mostLanes is how many mails are in work at once. Most of a mail's time is waiting
// for a disk, here or at the engine, and whoever waits beside others waits with
// them: writes are committed together. More than twice the four Updates that desk
// lets into one process at a time would wait for those.
const mostLanes = 8

// lanes work mails off side by side. Mails that have to do with each other are
// worked off one after another, as they came; all others need not wait. One
// goroutine hands mails out.
type lanes struct {
	places chan struct{}
	// last is closed when the newest mail of a key is done.
	last map[string]chan struct{}
	all  sync.WaitGroup
}

func newLanes(n int) *lanes {
	return &lanes{places: make(chan struct{}, n), last: map[string]chan struct{}{}}
}

// enter waits until a mail of this size may be read into memory. The largest one
// has all places to itself: together those in work are about as large as one of
// them may be, twice that at the most.
func (l *lanes) enter(size int64) (places int) {
	n := cap(l.places)
	places = min(n, 1+int(min(max(size, 0), MaxMail)*int64(n)/MaxMail))
	for range places {
		l.places <- struct{}{}
	}
	return places
}

func (l *lanes) leave(places int) {
	for range places {
		<-l.places
	}
}

// begin works a mail off that has its places, once all earlier mails of its keys
// are done. Those entered before, so that nobody waits for somebody who has no place.
func (l *lanes) begin(places int, keys []string, work func()) {
	done := make(chan struct{})
	var before []chan struct{}
	for _, k := range keys {
		if earlier, found := l.last[k]; found {
			before = append(before, earlier)
		}
		l.last[k] = done
	}
	l.all.Go(func() {
		defer l.leave(places)
		defer close(done)
		for _, earlier := range before {
			<-earlier
		}
		work()
	})
}

// wait waits until all are done.
func (l *lanes) wait() { l.all.Wait() }

// keysOf is what a mail has to do with: itself, for the same mail may lie there
// twice; the process that asked, which takes one answer after the other anyway; and
// the person who was asked, whose later word counts and who is written to so often
// within an hour.
func (r *Reader) keysOf(ctx context.Context, id string, raw []byte) ([]string, error) {
	h, _ := readHeading(raw)
	keys := []string{"mail " + id}
	add := func(person, process string) {
		for _, k := range []string{"person " + person, "process " + process} {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	tickets, letters, err := r.leads(ctx, &h)
	if err != nil {
		return nil, err
	}
	for _, t := range tickets {
		add(t.Person, processOf(t.Request))
	}
	for _, l := range letters {
		add(l.Person, l.Case)
		for _, request := range l.Requests {
			add(l.Person, processOf(request))
		}
	}
	if id := caseNamed(decoded(h.first("subject"))); id != "" && len(tickets)+len(letters) == 0 {
		keys = append(keys, "process "+id) // how many of those a case takes is counted one by one
	}
	return keys, nil
}

func processOf(request string) string {
	process, _, _ := strings.Cut(request, ":")
	return process
}
