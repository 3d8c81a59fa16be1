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
		var body bytes.Buffer
		var next int
		n, err := c.call(ctx, k, func(ctx context.Context, api *github.Client) (*github.Response, error) {
			req, err := api.NewRequest(http.MethodGet, path+"?"+query.Encode(), nil)
			if err != nil {
				return nil, err
			}
			resp, err := api.Do(ctx, req, &body)
			if resp != nil {
				next = resp.NextPage
			}
			return resp, err
		})
		if err != nil {
			return List[T]{}, err
		}
		some, sound := entries[T](body.Bytes())
		if !sound {
			return List[T]{}, &CallError{Call: k.name, Fault: Lost, Status: n.status, Request: requestID(n.header)}
		}
		l.All = append(l.All, some...)
		l.Partial = l.Partial || n.partial()
		switch more := strings.Contains(strings.Join(n.header.Values("Link"), ","), `rel="next"`); {
		case !more && next == 0:
			return l, nil
		case next != page+1 || page == mostPages: // a next page that is none: what follows is unknown
			l.Partial = true
			return l, nil
		}
		page = next
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
