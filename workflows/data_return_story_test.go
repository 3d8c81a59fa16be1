package workflows

import (
	"archive/zip"
	"bytes"
	"slices"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

func dataSteps(t *testing.T) []playbook.Step {
	step := func(does playbook.Purpose, kind review.Kind, seats ...review.Seat) playbook.Step {
		return leavingStep(t, exit.PartDataReturn, does, kind, seats...)
	}
	opened := step(exit.DoesOpened, review.Task, seat("it"))
	opened.Points = []engagement.Point{{ID: "whole", Title: "Is it whole?", Kind: engagement.PointYesNo}}
	deleted := step(exit.DoesDeleted, review.Delivery, vendorSeat())
	deleted.Points = []engagement.Point{{ID: exit.PointScope, Title: "Scope", Kind: engagement.PointText}, {ID: exit.PointSubProcessors, Title: "Sub-processors", Kind: engagement.PointText},
		{ID: "backup-1-what", Title: "A backup", Kind: engagement.PointText}, {ID: "backup-1-until", Title: "Until", Kind: engagement.PointDate, Optional: true}}
	checked := step(exit.DoesChecked, review.Checklist, seat("privacy"))
	checked.Points = []engagement.Point{{ID: exit.PointScope, Title: "Scope"}, {ID: exit.PointSigner, Title: "Signer"}}
	return []playbook.Step{step(exit.DoesChoice, review.Decision, seat("privacy")), step(exit.DoesReturned, review.Delivery, vendorSeat()), opened, deleted, checked}
}

// newDataReturn prepares a return of acme's data.
func newDataReturn(t *testing.T) *story {
	t.Helper()
	s := unheardDataReturn(t)
	s.hearsParts()
	return s
}

// unheardDataReturn is one whose exit nobody plays yet.
func unheardDataReturn(t *testing.T) *story {
	t.Helper()
	rec := newRecord()
	rec.survey = newEstate(rec)
	s := storyOf(t, rec, "acme", []string{"it-ida", "privacy-pia"}, nil, dataSteps(t)...)
	s.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	s.root = "data-return/acme/1"
	s.seen.naps = true
	return s
}

// sends has the vendor deliver a document.
func (s *story) sends(step, name, body string) {
	digest := s.text(name, body)
	s.answer("acme.1", step, review.Delivered, func(a *review.Answer) {
		a.Documents = []string{digest}
	})
}

// certifies has the vendor certify that everything is deleted, but for a backup.
func (s *story) certifies(until time.Time, more ...func(*review.Answer)) {
	r := s.open(exit.DoesDeleted)
	dated := func(a *review.Answer) {
		for i, f := range a.Findings {
			if f.Point == "backup-1-until" {
				a.Findings[i].On = until
			}
		}
		if until.IsZero() {
			a.Findings = slices.DeleteFunc(a.Findings, func(f engagement.Finding) bool { return f.Point == "backup-1-until" })
		}
	}
	s.answer("acme.1", exit.DoesDeleted, review.Delivered, append([]func(*review.Answer){func(a *review.Answer) { s.fillIn(a, r) }, dated}, more...)...)
}

// looksFor has somebody look for every point of the certificate; some are not there.
func (s *story) looksFor(missing ...string) {
	r := s.open(exit.DoesChecked)
	s.answer("privacy-pia", exit.DoesChecked, review.Checked, func(a *review.Answer) {
		for _, p := range r.Points {
			f := engagement.Finding{Point: p.ID, Places: []string{"1"}}
			if slices.Contains(missing, p.ID) {
				f = engagement.Finding{Point: p.ID, Missing: true}
			}
			a.Findings = append(a.Findings, f)
		}
	})
}

func archiveOf(t *testing.T, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The data come back, are opened and found whole; the vendor certifies that the rest is
// deleted, but for a backup, whose day goes on with the exit.
func TestDataComeBackAndTheRestIsDeleted(t *testing.T) {
	s := newDataReturn(t)
	s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseReturn) })
	s.on(2*day, func() { s.sends(exit.DoesReturned, "export", archiveOf(t, "planted.csv", "1,2\n")) })
	s.on(3*day, func() {
		s.wantAsked(exit.DoesOpened)
		s.says("it-ida", exit.DoesOpened)
	})
	s.on(4*day, func() { s.certifies(monday.AddDate(0, 6, 0)) })
	s.on(5*day, func() { s.looksFor() })
	out := s.playPart(DataReturnType)
	if out.Result != ResultDone {
		t.Error(out.Result)
	}
	if m := wantMatter(t, out, matterReturned, exit.StateDone); m.By != "it-ida" || m.Document != s.papersOf(ReturnedDocument)[0] {
		t.Errorf("%+v", m)
	}
	if m := wantMatter(t, out, matterCertificate, exit.StateDone); m.By != "privacy-pia" {
		t.Errorf("%+v", m)
	}
	if len(out.Backups) != 1 || !out.Backups[0].On.Equal(monday.AddDate(0, 6, 0)) || out.Backups[0].ID != "data-return/acme/1:backup-1" || out.Backups[0].Document == "" {
		t.Errorf("%+v", out.Backups)
	}
	s.searchFor("planted")
}

// A playbook that asks nobody whether data come back has them come back, and does not say
// that anybody chose so.
func TestNobodyIsAskedWhetherDataComeBack(t *testing.T) {
	s := newDataReturn(t)
	s.in.Steps = slices.DeleteFunc(s.in.Steps, func(p playbook.Step) bool { return p.Does == exit.DoesChoice })
	s.on(2*day, func() { s.sends(exit.DoesReturned, "export", archiveOf(t, "planted.csv", "1,2\n")) })
	s.on(3*day, func() { s.says("it-ida", exit.DoesOpened) })
	s.on(4*day, func() { s.certifies(monday.AddDate(0, 6, 0)) })
	s.on(5*day, func() { s.looksFor() })
	out := s.playPart(DataReturnType)
	if m := wantMatter(t, out, matterChoice, exit.StateNotNeeded); m.Why != "not-asked" || out.Result != ResultDone {
		t.Errorf("%s: %+v", out.Result, m)
	}
	wantMatter(t, out, matterReturned, exit.StateDone)
}

// Whoever looks whether a certificate says everything is shown where it may: by a search of
// its text. One that has no text is looked at without.
func TestPlacesInACertificateAreProposed(t *testing.T) {
	for name, text := range map[string]string{"a text": "Certificate of deletion\n\n1. What was deleted\n   | All payroll data\n\n2. How\n   | Purged as NIST SP 800-88 says\n", "no text": ""} {
		t.Run(name, func(t *testing.T) {
			s := newDataReturn(t)
			for i := range s.in.Steps {
				if s.in.Steps[i].Does == exit.DoesChecked {
					s.in.Steps[i].Points = []engagement.Point{{ID: "method", Title: "How", Cues: []string{"800-88"}}, {ID: "signer", Title: "Who", Cues: []string{"signed by"}}}
				}
			}
			s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseDelete) })
			s.on(2*day, func() {
				s.certifies(monday.AddDate(0, 6, 0), func(a *review.Answer) { a.Documents[len(a.Documents)-1] = s.text("filled in", text) })
			})
			s.on(3*day, func() {
				want := []string{"2"}
				if text == "" {
					want = nil
				}
				if p := s.open(exit.DoesChecked).Points; len(p) != 2 || !slices.Equal(p[0].Proposed, want) || len(p[1].Proposed) > 0 || len(p[0].Cues) > 0 {
					t.Errorf("proposed are %+v", p)
				}
				s.looksFor()
			})
			if out := s.playPart(DataReturnType); out.Result != ResultDone {
				t.Error(out.Result)
			}
		})
	}
}

// Nothing is to come back: the certificate is all that is asked of the vendor. It names a
// backup without its day, then lacks a signer, and is asked for again each time.
func TestACertificateThatLacksSomething(t *testing.T) {
	s := newDataReturn(t)
	settle := playbook.ChoreSettle + "-" + playbook.ChoreData
	s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseDelete) })
	s.on(2*day, func() { s.certifies(time.Time{}) })
	s.on(3*day, func() {
		if s.asked(exit.DoesChecked) {
			t.Error("a certificate that lacks something is checked")
		}
		s.answer("owner-ola", settle, playbook.AskVendor, telling)
	})
	s.on(4*day, func() { s.certifies(monday.AddDate(0, 3, 0)) })
	s.on(5*day, func() { s.looksFor(exit.PointSigner) })
	s.on(6*day, func() { s.answer("owner-ola", settle, playbook.AskVendor, telling) })
	s.on(7*day, func() { s.certifies(monday.AddDate(0, 4, 0)) })
	s.on(8*day, func() { s.looksFor() })
	out := s.playPart(DataReturnType)
	wantMatter(t, out, matterReturned, exit.StateNotNeeded)
	wantMatter(t, out, matterCertificate, exit.StateDone)
	if len(out.Backups) != 1 || !out.Backups[0].On.Equal(monday.AddDate(0, 4, 0)) {
		t.Errorf("%+v", out.Backups)
	}
}

// Whoever opened what came back says that it is whole; those who accept that say no at
// first, and it is looked at again. Nothing is deleted before they said yes.
func TestWhatCameBackIsAccepted(t *testing.T) {
	s := newDataReturn(t)
	for i := range s.in.Steps {
		if s.in.Steps[i].Does == exit.DoesOpened {
			accept := reviewStepOf(t, seat("privacy")).Policy
			s.in.Steps[i].Accept = &accept
		}
	}
	s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseReturn) })
	s.on(2*day, func() { s.sends(exit.DoesReturned, "export", archiveOf(t, "a.csv", "1,2\n")) })
	s.on(3*day, func() { s.says("it-ida", exit.DoesOpened) })
	s.on(4*day, func() { s.answer("privacy-pia", exit.DoesOpened+acceptSuffix, review.Reject, reasoned) })
	s.on(5*day, func() { s.says("it-ida", exit.DoesOpened) })
	s.on(6*day, func() {
		if s.asked(exit.DoesDeleted) {
			t.Error("data are to be deleted, and nobody has accepted what came back")
		}
		s.answer("privacy-pia", exit.DoesOpened+acceptSuffix, review.Approve)
	})
	s.on(7*day, func() { s.certifies(monday.AddDate(0, 6, 0)) })
	s.on(8*day, func() { s.looksFor() })
	out := s.playPart(DataReturnType)
	if m := wantMatter(t, out, matterReturned, exit.StateDone); m.By != "privacy-pia" || m.Answer == "" {
		t.Errorf("%+v", m)
	}
}

// What came back can't be opened: nobody is asked whether it is whole. The second time
// somebody says that it is not; the owner takes it all the same, and answers for it.
func TestWhatCameBackIsNotWhole(t *testing.T) {
	s := newDataReturn(t)
	settle := playbook.ChoreSettle + "-" + playbook.ChoreData
	s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseReturn) })
	s.on(2*day, func() { s.sends(exit.DoesReturned, "export", archiveOf(t, "a.csv", "1,2\n")[:40]) })
	s.on(3*day, func() {
		if s.asked(exit.DoesOpened) {
			t.Error("somebody is asked about what can't be opened")
		}
		s.answer("owner-ola", settle, playbook.AskVendor, telling)
	})
	s.on(4*day, func() { s.sends(exit.DoesReturned, "export2", archiveOf(t, "a.csv", "1,2\n")) })
	s.on(5*day, func() {
		s.says("it-ida", exit.DoesOpened, func(a *review.Answer) { a.Findings[0].Choices = []string{engagement.No} })
	})
	s.on(6*day, func() {
		if s.asked(exit.DoesDeleted) {
			t.Error("data are to be deleted that did not come back whole")
		}
		s.answer("owner-ola", settle, playbook.TakeAnyway)
	})
	s.on(7*day, func() { s.certifies(monday.AddDate(0, 6, 0)) })
	s.on(8*day, func() { s.looksFor() })
	out := s.playPart(DataReturnType)
	if m := wantMatter(t, out, matterReturned, exit.StateDone); m.By != "owner-ola" || m.Answer == "" {
		t.Errorf("%+v", m)
	}
}

// A vendor who never answers: the exit hears of it, nothing is called done, and the owner
// waives what does not come, by name and until a day.
func TestAVendorWhoNeverReturnsData(t *testing.T) {
	s := newDataReturn(t)
	s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseReturn) })
	s.on(20*day, func() { s.waives(playbook.ChoreNoData, monday.AddDate(1, 0, 0)) })
	s.on(40*day, func() { s.waives(playbook.ChoreNoData, monday.AddDate(1, 0, 0)) })
	out := s.playPart(DataReturnType)
	for _, name := range []string{matterReturned, matterCertificate} {
		if m := wantMatter(t, out, name, exit.StateWaived); m.By != "owner-ola" || m.Why != whySilent {
			t.Errorf("%+v", m)
		}
	}
	if len(out.Expiries) != 2 {
		t.Errorf("%+v", out.Expiries)
	}
}

// asked reports whether a step was asked.
func (s *story) asked(step string) bool {
	return slices.ContainsFunc(s.view().Requests, func(r review.Request) bool { return r.Step == step })
}

// hearsParts lets an exit that is not there be told things, and keeps the words.
func (s *story) hearsParts() *[]string {
	var words []string
	s.env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).Return(func(_, to, _, _ string, arg any) error {
		if n, ok := arg.(PartNews); ok && to == "exit/acme/1" {
			words = append(words, n.Word)
		}
		return nil
	})
	return &words
}
