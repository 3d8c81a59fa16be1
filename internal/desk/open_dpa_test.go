package desk

import (
	"errors"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

func wantsDPA(id string) playbook.DPAIntake {
	return playbook.DPAIntake{ID: id, Vendor: engagement.Vendor{Name: "Acme " + planted, Slug: "acme-payroll", Service: planted + " payroll",
		Contacts: []engagement.Contact{{Name: planted + " Ann", Mail: "ann@acme.example"}}}, Reason: planted + " personal data", Data: []string{"personal"}, Owner: "olga", From: from("rita")}
}

// binder is the shelf with a collection's steps in every playbook but the small one.
type binder struct{ shelf }

func (b binder) Playbook(name string) (playbook.Playbook, []byte, error) {
	pb, text, err := b.shelf.Playbook(name)
	if _, ok := playbook.CollectionOf(pb.Steps, 1); !ok && name != "small" {
		for _, kind := range []review.Kind{review.Delivery, review.Checklist, review.Decision} {
			pb.Steps = append(pb.Steps, playbook.Step{ID: "dpa-" + string(kind), Process: playbook.DPA, Kind: kind})
		}
	}
	return pb, text, err
}

// TestACollectionOfItsOwn: reserved, registered and started as an onboarding is,
// with contacts that can be asked before it asks.
func TestACollectionOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.desk.library = binder{}
	id := must[string](t)(w.desk.OpenDPA(t.Context(), wantsDPA("web-1")))
	same(t, "case", "dpa/acme-payroll/1", id)
	same(t, "again", id, must[string](t)(w.desk.OpenDPA(t.Context(), wantsDPA("web-1"))))
	in := w.engine.collections[0]
	same(t, "input", []any{1, id, id, "rita", "olga", true, []string{"personal"}}, []any{len(w.engine.collections), in.Case, in.Process, in.Requester, in.Owner, in.Wanted, in.Facts.Data})
	if _, ok := playbook.CollectionOf(in.Steps, in.Tier); !ok {
		t.Error("the process would have nothing to ask")
	}
	for _, digest := range []string{in.Intake.Digest, in.PlaybookDocument.Digest} {
		_, err := paperOf(w.store.Get(t.Context(), digest))
		ok(t, err)
	}
	same(t, "contacts", 1, len(must[[]playbook.Contact](t)(w.store.Contacts(t.Context(), "acme-payroll"))))
	opened := 0
	for _, l := range w.lines(dossier.Register) {
		if l.Entry.Kind == dossier.CaseOpened && l.Entry.Detail.Parent == id {
			opened++
		}
	}
	same(t, "register", 1, opened)
	_, err := w.desk.Open(t.Context(), intake("web-1"))
	var wrong InputError
	if !errors.As(err, &wrong) {
		t.Errorf("an id opens cases of two kinds: %v", err)
	}
}

// TestACollectionWhileTheEngineIsAway is started by the loop, as what it is.
func TestACollectionWhileTheEngineIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.desk.library = binder{}
	w.engine.fails(down())
	id := must[string](t)(w.desk.OpenDPA(t.Context(), wantsDPA("web-1")))
	w.engine.works()
	w.delivers()
	w.delivers()
	same(t, "started", []any{1, id, workflows.DPAPrefix("acme-payroll") + "/1"}, []any{len(w.engine.collections), w.engine.starts[0].ID, id})
}

// TestFaultyCollections: every fault at once, and nothing is opened.
func TestFaultyCollections(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	bad := wantsDPA("web-1")
	bad.Reason, bad.Owner, bad.Data = "", "nobody", []string{"gossip"}
	_, err := w.desk.OpenDPA(t.Context(), bad)
	var wrong InputError
	if !errors.As(err, &wrong) || len(wrong.Faults) != 3 {
		t.Errorf("want three faults, got %v", err)
	}
	small := wantsDPA("web-2")
	small.Playbook = "small"
	_, err = w.desk.OpenDPA(t.Context(), small)
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "collects no data processing agreement") {
		t.Errorf("a playbook without a collection: %v", err)
	}
	auditor := wantsDPA("web-3")
	auditor.From = from("amina")
	_, err = w.desk.OpenDPA(t.Context(), auditor)
	forbidden(t, err)
	same(t, "started", 0, len(w.engine.starts))
}
