package demo

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// portalPages is how many pages of one task somebody goes through at most; the longest
// form has fewer.
const portalPages = 40

// serve answers the first task on the vendor's page that waits; it reports whether there
// was one.
func (s *Supplier) serve(ctx context.Context, c *Correspondent, list *Page) (bool, error) {
	for _, l := range list.Links {
		if l.To.Path != "/portal/task" || s.done[l.To.String()] || strings.Contains(l.Text, "next version") { // that one goes to whoever asked for it
			continue
		}
		task, err := s.browser.open(ctx, l.To)
		if err != nil {
			return false, err
		}
		if !begins(task) {
			continue
		}
		if s.done == nil {
			s.done = map[string]bool{}
		}
		s.done[l.To.String()] = true
		c.say("answers “%s” on the page behind the link", l.Text)
		return true, s.answer(ctx, task)
	}
	return false, nil
}

// begins reports whether a task's page has a way to begin or to go on.
func begins(task *Page) bool { return next(task) != nil }

// next is where a task's page leads whoever answers it.
func next(task *Page) *url.URL {
	for _, l := range task.Links {
		if l.To.Path == "/portal/task" && l.To.Query().Get("page") != "" && (l.Text == "Start" || l.Text == "Go on") {
			return l.To
		}
	}
	return nil
}

// answer goes through a task page by page, and sends it.
func (s *Supplier) answer(ctx context.Context, task *Page) error {
	page, err := s.browser.open(ctx, next(task))
	for range portalPages {
		if err != nil {
			return err
		}
		if f := page.Form("/portal/send"); f != nil {
			_, err = s.browser.send(ctx, f.Write("note", "With this you have it."))
			return err
		}
		if f := page.Form("/portal/upload"); f != nil && lacksFile(page, f) {
			name, content := s.document(page)
			page, err = s.browser.send(ctx, f.Attach("file", name, content))
			continue
		}
		f := goOn(page)
		if f == nil {
			return fmt.Errorf("the page “%s” leads no further", page.Title)
		}
		fill(f, page.Title, s.Knows, s.Today())
		if f.Offers("instead", "no") {
			f.Choose("instead", "no")
		}
		page, err = s.browser.send(ctx, f)
	}
	return fmt.Errorf("the task does not end after %d pages: %w", portalPages, err)
}

// lacksFile reports whether nothing is attached to a page yet: one of a form has a number.
func lacksFile(page *Page, upload *Form) bool {
	if upload.values.Get("page") == "" {
		return strings.Contains(page.Text, "No file yet.")
	}
	return !strings.Contains(page.Text, "Another file takes its place.")
}

// goOn is the form that keeps a page and leads to the next.
func goOn(page *Page) *Form {
	for _, f := range page.Forms {
		if f.Action.Path == "/portal/save" && f.values.Get("drop") == "" && f.values.Get("again") == "" {
			return f
		}
	}
	return nil
}

// document is what they attach where a page asks for a file.
func (s *Supplier) document(page *Page) (string, []byte) {
	for _, k := range s.Knows {
		if k.File != nil && strings.Contains(page.Text, k.Asked) {
			return k.Says, k.File
		}
	}
	return "record.txt", []byte("1. What was asked for.\nIt is set up, run and mended as it is written here.\n")
}
