package desk

import (
	"context"
	"fmt"
	"io"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// Statement is the text of an attestation in the playbook that the case runs
// with, the id itself where it can't be read.
func (d *Desk) Statement(ctx context.Context, caseID, id string) string {
	pb, err := d.rulesOf(ctx, caseID)
	if err != nil {
		d.log.Warn("reading a case's playbook", "case", caseID, "error", err)
		return id
	}
	return pb.Attestation(id)
}

// maxRules bounds the playbooks kept in memory: a deployment has a few, each in
// the versions that its cases started with.
const maxRules = 64

// rulesOf is the playbook that a case was started with: the text among its
// documents, not today's.
func (d *Desk) rulesOf(ctx context.Context, caseID string) (playbook.Playbook, error) {
	var none playbook.Playbook
	view, err := d.store.Case(ctx, caseID)
	if err != nil {
		return none, fmt.Errorf("looking up the case: %w", err)
	}
	for _, doc := range view.Documents {
		if doc.Name != "playbook" {
			continue
		}
		return d.Rules(ctx, doc.Document)
	}
	return none, fmt.Errorf("the case %s has no playbook among its documents", caseID)
}

// Rules is the playbook that a document is, by its digest; what a case was
// started with is among its documents.
func (d *Desk) Rules(ctx context.Context, digest string) (playbook.Playbook, error) {
	var none playbook.Playbook
	d.mu.Lock()
	pb, known := d.rules[digest]
	d.mu.Unlock()
	if known {
		return pb, nil
	}
	_, r, err := d.store.Get(ctx, digest)
	if err != nil {
		return none, fmt.Errorf("opening the case's playbook: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(r, engagement.MaxDocument))
	_ = r.Close() // read to its end: nothing is left to go wrong
	if err != nil {
		return none, fmt.Errorf("reading the case's playbook: %w", err)
	}
	pb, err = d.library.Read(text)
	if err != nil {
		return none, fmt.Errorf("understanding the case's playbook: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.rules) >= maxRules {
		clear(d.rules) // they are read again as they are asked for
	}
	d.rules[digest] = pb
	return pb, nil
}
