package github

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/go-github/v60/github"
)

// List is what GitHub shows of something, in its order. A list that ended in an error
// is never given.
type List[T any] struct {
	All []T
	// Partial: GitHub says that it left out a part, or its pages don't add up.
	Partial bool
}

const (
	perPage = 100 // the most that GitHub gives
	// mostPages bounds a list: 50,000 entries.
	mostPages = 500
)

// entry is something that a list holds.
type entry interface{ sound() bool }

// onePage reads one page of a list. A query is sent as it is.
func (c *Client) onePage(ctx context.Context, k call, path string, query url.Values) ([]byte, *note, *github.Response, error) {
	var body bytes.Buffer
	var got *github.Response
	n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
		req, err := api.NewRequest(http.MethodGet, path+"?"+query.Encode(), nil)
		if err != nil {
			return nil, err
		}
		got, err = api.Do(ctx, req, &body)
		return got, err
	})
	return body.Bytes(), n, got, err
}

// more reports whether an answer names a page after it, in whatever way.
func more(n *note) bool {
	return strings.Contains(strings.Join(n.header.Values("Link"), ","), `rel="next"`)
}

func unread(k call, n *note) error {
	return &CallError{Call: k.name, Fault: Lost, Status: n.status, Request: requestID(n.header)}
}

// list reads all pages of a list. What can't be read ends it with an error: an empty
// body, a null, an entry without what names it would otherwise count as "nobody".
func list[T entry](ctx context.Context, c *Client, k call, path string, query url.Values) (List[T], error) {
	var l List[T]
	if query == nil {
		query = url.Values{}
	}
	query.Set("per_page", strconv.Itoa(perPage))
	for page := 1; ; {
		if page > 1 {
			query.Set("page", strconv.Itoa(page))
		}
		body, n, resp, err := c.onePage(ctx, k, path, query)
		if err != nil {
			return List[T]{}, err
		}
		some, sound := entries[T](body)
		if !sound {
			return List[T]{}, unread(k, n)
		}
		next := 0
		if resp != nil {
			next = resp.NextPage
		}
		l.All = append(l.All, some...)
		l.Partial = l.Partial || n.partial()
		switch {
		case !more(n) && next == 0:
			return l, nil
		case next != page+1 || page == mostPages: // a next page that is none: what follows is unknown
			l.Partial = true
			return l, nil
		}
		page = next
	}
}

// listIn reads all pages of a list that stands in a field of an object, beside how many
// entries there are in all. Such pages are not always linked: the sum says where they
// end.
func listIn[T entry](ctx context.Context, c *Client, k call, path, field, sum string) (List[T], error) {
	l := List[T]{}
	query := url.Values{"per_page": {strconv.Itoa(perPage)}}
	for page := 1; ; page++ {
		if page > 1 {
			query.Set("page", strconv.Itoa(page))
		}
		body, n, _, err := c.onePage(ctx, k, path, query)
		if err != nil {
			return List[T]{}, err
		}
		var said map[string]json.RawMessage
		var all int
		if json.Unmarshal(body, &said) != nil || json.Unmarshal(said[sum], &all) != nil {
			return List[T]{}, unread(k, n)
		}
		some, sound := entries[T](said[field])
		if !sound {
			return List[T]{}, unread(k, n)
		}
		l.All = append(l.All, some...)
		l.Partial = l.Partial || n.partial()
		switch {
		case len(l.All) >= all:
			l.Partial = l.Partial || len(l.All) > all // something moved between two pages
			return l, nil
		case len(some) == 0 || page == mostPages:
			l.Partial = true
			return l, nil
		}
	}
}

// listFull reads all pages of a list whose answers say neither how many there are nor
// where they go on: a page that is full may not be the last.
func listFull[T entry](ctx context.Context, c *Client, k call, path string) (List[T], error) {
	l := List[T]{}
	query := url.Values{"per_page": {strconv.Itoa(perPage)}}
	for page := 1; ; page++ {
		if page > 1 {
			query.Set("page", strconv.Itoa(page))
		}
		body, n, _, err := c.onePage(ctx, k, path, query)
		if err != nil {
			return List[T]{}, err
		}
		some, sound := entries[T](body)
		if !sound {
			return List[T]{}, unread(k, n)
		}
		l.All = append(l.All, some...)
		l.Partial = l.Partial || n.partial()
		if len(some) < perPage && !more(n) {
			return l, nil
		}
		if page == mostPages {
			l.Partial = true
			return l, nil
		}
	}
}

// entries reads one page; false: it is none.
func entries[T entry](body []byte) ([]T, bool) {
	var some []T
	if len(bytes.TrimSpace(body)) == 0 || json.Unmarshal(body, &some) != nil || some == nil {
		return nil, false
	}
	for _, one := range some {
		if !one.sound() {
			return nil, false
		}
	}
	return some, true
}
