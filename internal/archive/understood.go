package archive

import (
	"fmt"
	"sync"

	"gangway/internal/review"
)

// understood keeps requests by the text that they stand in, so that the same text is not
// read again for each page: a case that has lasted for months has a hundred of them, of
// which a page shows one, and most are closed and never change. What is given out is a
// copy, so nobody changes what the next one gets. Full, it begins anew.
//
// A nil one keeps nothing: whoever writes reads what stands there.
type understood struct {
	mu    sync.Mutex
	kept  map[string]review.Request
	bytes int
}

// mostUnderstood bounds the texts that are kept, in bytes; what was read from them takes
// two to three times as much.
const mostUnderstood = 8 << 20

// request is what a text says.
func (u *understood) request(text string) (review.Request, error) {
	if u == nil {
		var r review.Request
		err := decode(text, &r)
		return r, err
	}
	u.mu.Lock()
	r, known := u.kept[text]
	u.mu.Unlock()
	if known {
		return r.Clone(), nil
	}
	if err := decode(text, &r); err != nil {
		return review.Request{}, err
	}
	u.keep(text, r.Clone())
	return r, nil
}

func (u *understood) keep(text string, r review.Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, known := u.kept[text]; known || len(text) > mostUnderstood {
		return
	}
	if u.kept == nil || u.bytes+len(text) > mostUnderstood {
		u.kept, u.bytes = map[string]review.Request{}, 0
	}
	u.kept[text] = r
	u.bytes += len(text)
}

// requests are what texts say, in their order.
func (u *understood) requests(texts []string) ([]review.Request, error) {
	var all []review.Request
	for _, text := range texts {
		r, err := u.request(text)
		if err != nil {
			return nil, fmt.Errorf("reading a request: %w", err)
		}
		all = append(all, r)
	}
	return all, nil
}
