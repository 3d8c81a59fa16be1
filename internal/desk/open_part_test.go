package desk

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// wantsPart is an intake for a part of an onboarding alone, by the shipped playbook that
// has all of them.
func wantsPart(id string) playbook.Intake {
	i := wantsDPA(id).Intake()
	i.Playbook, i.Interest, i.Data = "whole", engagement.No, []string{"pupil"}
	return i
}

// TestPartsOfTheirOwn: each is reserved, registered and started as an onboarding is,
// with its own steps of the tier and what the requester declared.
func TestPartsOfTheirOwn(t *testing.T) {
	t.Parallel()
	for part, kind := range map[playbook.Process]string{playbook.Diligence: workflows.DiligenceType, playbook.Pilot: workflows.PilotType, playbook.Contract: workflows.ContractType} {
		w := newWorld(t)
		want := wantsPart("web-1")
		id := must[string](t)(w.desk.OpenPart(t.Context(), part, want))
		same(t, "case", string(part)+"/acme-payroll/1", id)
		same(t, "again", id, must[string](t)(w.desk.OpenPart(t.Context(), part, want)))
		var in workflows.DiligenceInput
		ok(t, json.Unmarshal(w.engine.parts[kind], &in))
		same(t, "input", []any{id, id, "rita", "olga", engagement.Tier(1), "no-conflict", []string{"rita"}},
			[]any{in.Case, in.Process, in.Requester, in.Owner, in.Tier, in.Declaration, in.Declared})
		if len(in.Steps) == 0 || slices.ContainsFunc(in.Steps, func(s playbook.Step) bool { return s.Process != part || !s.Applies(1) }) {
			t.Errorf("%s is started with %d steps, some of them another's", part, len(in.Steps))
		}
		for _, digest := range []string{in.Intake.Digest, in.PlaybookDocument.Digest} {
			_, err := paperOf(w.store.Get(t.Context(), digest))
			ok(t, err)
		}
		same(t, "contacts", 1, len(must[[]playbook.Contact](t)(w.store.Contacts(t.Context(), "acme-payroll"))))
	}
}

// TestAPartWhileTheEngineIsAway is started by the loop, as what it is.
func TestAPartWhileTheEngineIsAway(t *testing.T) {
	t.Parallel()
	for part, kind := range map[playbook.Process]string{playbook.Diligence: workflows.DiligenceType, playbook.Pilot: workflows.PilotType, playbook.Contract: workflows.ContractType} {
		w := newWorld(t)
		w.engine.fails(down())
		id := must[string](t)(w.desk.OpenPart(t.Context(), part, wantsPart("web-1")))
		w.engine.works()
		w.delivers()
		w.delivers()
		if len(w.engine.starts) != 1 || w.engine.starts[0].ID != id || w.engine.parts[kind] == nil {
			t.Errorf("%s: %d processes were started", part, len(w.engine.starts))
		}
	}
}

// TestAPartReportsToTheOversight: to the newest that runs, and to none where the
// vendor isn't watched.
func TestAPartReportsToTheOversight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, n := range []string{"2", "9", "10"} {
		w.watches("oversight/acme-payroll/" + n)
	}
	w.watches("oversight/acme-payroll-two/11")
	must[string](t)(w.desk.OpenPart(t.Context(), playbook.Diligence, wantsPart("web-1")))
	w.desk.library = binder{}
	must[string](t)(w.desk.OpenDPA(t.Context(), wantsDPA("web-2")))
	var in workflows.DiligenceInput
	ok(t, json.Unmarshal(w.engine.parts[workflows.DiligenceType], &in))
	same(t, "reports", []string{"oversight/acme-payroll/10", "oversight/acme-payroll/10"}, []string{in.Reports, w.engine.collections[0].Reports})
}

// watches puts a case into the record that looks after Acme Payroll.
func (w *world) watches(id string) {
	w.t.Helper()
	p := &process{id: id, of: id, results: map[string]any{}}
	vendor := strings.Split(id, "/")[1]
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Detail: &dossier.Detail{Vendor: vendor, Owner: "olga", Requester: "rita", Playbook: "whole"}})
	w.begins(p)
}

// TestFaultyParts: what a playbook doesn't have, what there is not, and who may not.
func TestFaultyParts(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	for part, says := range map[playbook.Process]string{playbook.Diligence: "has no due diligence", playbook.Pilot: "has no pilot", playbook.DPA: "nothing that is opened alone", "": "nothing that is opened alone"} {
		small := wantsPart("web-1")
		small.Playbook, small.Data = "small", nil
		_, err := w.desk.OpenPart(t.Context(), part, small)
		var wrong InputError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), says) || wrong.Hint() == "" {
			t.Errorf("%q: %v, want one that says %q", part, err, says)
		}
	}
	auditor := wantsPart("web-3")
	auditor.From = from("amina")
	_, err := w.desk.OpenPart(t.Context(), playbook.Pilot, auditor)
	forbidden(t, err)
	same(t, "started", 0, len(w.engine.starts))
}

// confidential is a lobby with an onboarding by the shipped playbook that wants the
// vendor's signature first; tier 1.
func confidential(t *testing.T) (*lobby, *process) {
	t.Helper()
	l := newLobby(t)
	_, text, err := shelf{}.Playbook("whole")
	ok(t, err)
	p := l.opens("onboarding/acme/1", calendar.Anchor{})
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	for name, content := range map[string][]byte{"playbook": text, "intake": []byte(`{"data":["pupil"]}`)} {
		paper := must[dossier.Paper](t)(l.store.Put(t.Context(), strings.NewReader(string(content)), engagement.MaxDocument))
		p.say(l.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: name, Document: paper.Digest, Size: paper.Size, Media: paper.Media}})
	}
	p.say(l.clock.now(), dossier.Entry{Kind: dossier.TierSet, Detail: &dossier.Detail{Tier: 1}})
	l.flush(p)
	return l, p
}

// TestNothingReachesAVendorWhoHasNotSigned: neither a page of the portal nor a list, a
// form, a draft, a document's receipt or a colleague; only what they have to sign. It
// opens once that was delivered and accepted.
func TestNothingReachesAVendorWhoHasNotSigned(t *testing.T) {
	t.Parallel()
	l, p := confidential(t)
	child := l.child("diligence/acme/1", p)
	nda, other, deep := l.wants(p, "nda", l.ann), l.wants(p, "interests", l.ann), l.wants(child, "company", l.ann)
	who := portal(l.ann)
	ways := func(request string) map[string]error {
		all := map[string]error{}
		_, all["earlier"] = l.desk.Earlier(t.Context(), who, request)
		_, all["forms"] = l.desk.PortalSheets(t.Context(), who, request)
		_, all["uploads"] = l.desk.PortalUploads(t.Context(), who, request)
		_, all["upload"] = l.desk.PortalUpload(t.Context(), who, request, "a.txt", "", strings.NewReader("words"))
		_, all["by mail"] = l.desk.TakeDocument(t.Context(), mailFrom(l.ann), request, "a.txt", "", []byte("more words"))
		all["draft"] = l.desk.SaveDraft(t.Context(), who, request, []byte("{}"))
		_, _, all["saved"] = l.desk.DraftOf(t.Context(), who, request)
		_, all["colleague"] = l.desk.HandOn(t.Context(), who, "hand-"+strings.ReplaceAll(request, "/", "-"), request, "Cy", "cy@"+strings.ToLower(planted)+".example")
		all["question"] = l.desk.AskBack(t.Context(), who, "ask-"+strings.ReplaceAll(request, "/", "-"), request, planted)
		return all
	}
	shut := func(when string) {
		t.Helper()
		for _, request := range []string{other, deep} {
			for way, err := range ways(request) {
				var wrong InputError
				if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "confidentiality agreement") || wrong.Hint() == "" {
					t.Errorf("%s: %s of %s is open: %v", when, way, request, err)
				}
			}
		}
		for _, task := range l.tasks(l.ann) {
			if task.Request == other || task.Request == deep {
				t.Errorf("%s: %s is listed", when, task.Request)
			}
		}
	}
	shut("nothing is signed")
	found := l.sends(l.ann, nda, "%PDF signed")
	same(t, "signed", review.Counted, l.answers(delivers("nda-1", nda, who, found.Document)).Status)
	shut("it is delivered and open")
	l.closes(p, nda, review.Met)
	accept := l.asks(p, "nda-accept", "lena")
	shut("nobody accepted it")
	same(t, "accepted", review.Counted, l.answers(approve("ok-1", "lena", accept)).Status)
	l.closes(p, accept, review.Met)
	for way, err := range ways(other) {
		if err != nil && !isNotFound(err) {
			t.Errorf("after the signature %s: %v", way, err)
		}
	}
	same(t, "tasks", 4, len(l.tasks(l.ann))) // the agreement of the other case among them
}

// TestNothingIsOpenedBesideAnUnsignedAgreement: a due diligence, a pilot, a contract
// review or a collection alone would go round the signature.
func TestNothingIsOpenedBesideAnUnsignedAgreement(t *testing.T) {
	t.Parallel()
	l, p := confidential(t)
	open := func(id string) map[string]error {
		i := wantsPart(id)
		i.Vendor.Slug = "acme"
		errs := map[string]error{}
		for _, part := range []playbook.Process{playbook.Diligence, playbook.Pilot, playbook.Contract} {
			i.ID = id + "-" + string(part)
			_, errs[i.ID] = l.desk.OpenPart(t.Context(), part, i)
		}
		i.ID = id + "-dpa"
		_, errs[i.ID] = l.desk.OpenDPA(t.Context(), i.Collection())
		return errs
	}
	for id, err := range open("early") {
		var wrong InputError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "the step nda of onboarding/acme/1") || wrong.Hint() == "" {
			t.Errorf("%s was opened: %v", id, err)
		}
	}
	same(t, "started", 0, len(l.engine.starts))
	l.closes(p, l.wants(p, "nda", l.ann), review.Met)
	l.closes(p, l.asks(p, "nda-accept", "lena"), review.Met)
	for id, err := range open("late") {
		if err != nil {
			t.Errorf("%s after the signature: %v", id, err)
		}
	}
}
