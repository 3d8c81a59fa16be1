package main

import (
	"fmt"
	"slices"
	"strings"

	"gangway/internal/review"
)

// deliverFiles delivers documents or a form that was filled in, for the vendor where
// that is said.
func (s *session) deliverFiles(args []string) error {
	v, _, err := s.caseView(args[0])
	if err != nil {
		return err
	}
	r, err := find(&v, args[1])
	if err != nil {
		return err
	}
	f := review.Form{ID: s.id(), Process: r.Process, Request: r.ID, Seat: s.text("seat"), Version: r.Current(), Verdict: review.Delivered,
		ForVendor: s.yes("for-vendor"), Inside: s.text("source")}
	if r.Kind != review.Delivery {
		return failed(fmt.Sprintf("%s asks for no documents", r.Step), "answer it with: gangway answer "+v.ID+" "+r.Step+" VERDICT")
	}
	if err := s.checkSource(&f); err != nil {
		return err
	}
	if len(args) == 2 && s.text("sheet") == "" {
		if r.Sheet {
			return usage("a FILE or --sheet is missing", "print the form with: gangway form "+v.ID+" "+r.Step)
		}
		return usage("FILE… is missing", "name the documents that are delivered")
	}
	if s.text("sheet") != "" {
		if err := s.fillSheet(r, &f, s.text("sheet")); err != nil {
			return err
		}
	}
	for _, path := range args[2:] {
		paper, err := s.upload(path)
		if err != nil {
			return err
		}
		if !slices.Contains(f.Documents, paper.Digest) {
			f.Documents = append(f.Documents, paper.Digest)
		}
	}
	raw, out, err := s.deliver("/api/answer", f)
	if err != nil {
		return err
	}
	return s.outcome(raw, out, sent{id: f.ID, what: "delivered for " + r.Step, of: v.ID, step: r.Step, undo: true})
}

// checkSource wants to know where something comes from that is filed in the vendor's
// place; of a form also who of them said so, since nobody of theirs signed it.
func (s *session) checkSource(f *review.Form) error {
	said, source := strings.TrimSpace(s.text("said-by")), strings.TrimSpace(f.Inside)
	switch {
	case f.ForVendor && source == "":
		return usage("--source is missing", "say where it comes from, such as the address of the page, or how it came: by post, on the telephone")
	case !f.ForVendor && f.Inside != "":
		return usage("--source belongs to --for-vendor", "it says where something comes from that the vendor did not send")
	case !f.ForVendor && said != "":
		return usage("--said-by belongs to --for-vendor", "it says who of the vendor said what you file")
	case f.ForVendor && s.text("sheet") != "" && said == "":
		return usage("--said-by is missing", "name who of the vendor gave these answers; they sign nothing themselves")
	case said != "":
		f.Inside = fmt.Sprintf("Said by %s; %s", said, source)
	}
	return nil
}
