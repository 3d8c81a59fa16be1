package demo

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"
)

// browser keeps one person's session.
type browser struct {
	base   *url.URL
	client *http.Client
}

func newBrowser(base string) (*browser, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("reading the inbox's address: %w", err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("making a cookie jar: %w", err)
	}
	return &browser{base: u, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}, nil
}

// open follows a link.
func (b *browser) open(ctx context.Context, to *url.URL) (*Page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("opening a page: %w", err)
	}
	return b.load(req)
}

// send posts a form and reads the page that comes back.
func (b *browser) send(ctx context.Context, f *Form) (*Page, error) {
	body, kind, err := f.body()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.Action.String(), body)
	if err != nil {
		return nil, fmt.Errorf("sending a form: %w", err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Origin", b.base.Scheme+"://"+b.base.Host)
	return b.load(req)
}

func (b *browser) load(req *http.Request) (*Page, error) {
	resp, err := b.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("loading %s: %w", req.URL.Path, err)
	}
	defer resp.Body.Close()
	p, err := readPage(resp.Request.URL, resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 400 {
		return nil, fmt.Errorf("loading %s: status %d: %s", req.URL.Path, resp.StatusCode, p.Title)
	}
	return p, nil
}
