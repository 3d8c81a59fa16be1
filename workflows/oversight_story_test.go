package workflows

import (
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// A certificate runs out: the vendor is asked in time, the owner says whether what
// comes will do and until when, and the next one is asked for in its time. When none
// comes the sponsor hears of it, and the owner says what now.
func TestOversightACertificateRunsOut(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(60, func() { v.wantNobodyAsked("certificate") })
		v.after(75, func() {
			r := v.open("certificate")
			if r.Kind != review.Delivery || !r.Holds("vendor", "acme.1", v.env.Now()) || r.Title != "The next certificate: iso-27001" {
				v.t.Errorf("asked %+v", r)
			}
			v.says("acme.1", "certificate", review.Delivered, deliver("sha256:cert2"))
		})
		v.after(80, func() {
			if r := v.open("certificate-accept"); r.Versions[0].Document != "sha256:cert2" {
				v.t.Errorf("shown %+v", r)
			}
			v.says("owner-ola", "certificate-accept", playbook.TakeIt, goodUntil(50)) // a day that has passed is none
		})
		v.after(81, func() { v.says("owner-ola", "certificate-accept", playbook.TakeIt, goodUntil(465)) })
		v.after(82, func() {
			w := v.watchedNow("iso-27001")
			if !w.On.Equal(monday.AddDate(0, 0, 465)) || w.Document != "sha256:cert2" || w.Unreviewed || w.Ended != "" {
				v.t.Errorf("watched %+v", w)
			}
		})
		v.after(430, func() { v.wantNobodyAsked("certificate") })
		v.after(466, func() {
			if w := v.watchedNow("iso-27001"); !w.Lapsed {
				v.t.Errorf("it has run out, and nobody put it down: %+v", w)
			}
			v.wantClosed("certificate", review.Open, "superseded")
			v.says("owner-ola", "certificate-lapsed", playbook.AskVendor, telling)
		})
		v.after(470, func() { v.says("acme.1", "certificate", review.Delivered, deliver("sha256:cert3")) })
		v.after(471, func() { v.says("owner-ola", "certificate-accept", playbook.Drop) })
		v.offAfter(800)
	}, expiry("iso-27001", engagement.ExpiryCertificate, 100, func(e *engagement.Expiry) { e.Unreviewed = true }))
	if w := v.watchedNow("iso-27001"); w.Ended != string(playbook.Drop) {
		t.Errorf("it is watched still: %+v", w)
	}
	v.wantAbout(map[string]string{"certificate": "onboarding/acme/1:iso-27001", "certificate-accept": "onboarding/acme/1:iso-27001", "certificate-lapsed": "onboarding/acme/1:iso-27001"})
	if e := v.rec.of(dossier.Escalated); len(e) != 1 || e[0].Detail.Person != "sponsor-sue" {
		t.Errorf("called: %+v", e)
	}
	if !slices.Contains(v.told("sponsor-sue"), "465 owner certificate-lapsed") {
		t.Errorf("the sponsor was told %v", v.told("sponsor-sue"))
	}
}

// A contract that would renew by itself comes to its end and nobody says anything. The
// sponsor is called at the deadline, the last day for notice is put down when it has
// passed, and so is that it went on by itself. Nothing here ever renews it.
func TestOversightNoticeInSilence(t *testing.T) {
	contract := expiry("contract", engagement.ExpiryContract, 400, func(e *engagement.Expiry) { e.NoticeDays, e.Renews = 90, true })
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(249, func() { v.wantNobodyAsked("notice") })
		v.after(251, func() {
			r := v.open("notice")
			if !r.Holds("owner", "owner-ola", v.env.Now()) || !r.Holds("sponsor", "sponsor-sue", v.env.Now()) || len(r.Options) != 3 {
				v.t.Errorf("asked %+v", r)
			}
		})
		v.after(281, func() {
			r := v.open("notice")
			if len(r.Policy.Seats()) != 1 || !r.Holds("sponsor", "sponsor-sue", v.env.Now()) || r.ID != vigilID+":notice.2" {
				v.t.Errorf("after the deadline is asked %+v", r)
			}
			v.refused(v.says("owner-ola", "notice", playbook.Renew), review.NoSeat)
			if len(v.rec.of(dossier.NoticePassed)) > 0 {
				v.t.Error("the last day has passed too early")
			}
		})
		v.after(311, func() {
			w := v.watchedNow("contract")
			if !w.NoticePassed || w.Lapsed || v.open("notice").Closed != nil {
				v.t.Errorf("after the last day: %+v", w)
			}
		})
		v.after(401, func() {
			if w := v.watchedNow("contract"); !w.Lapsed || w.Decided != "" {
				v.t.Errorf("after its end: %+v", w)
			}
		})
		v.after(420, func() { v.says("sponsor-sue", "notice", playbook.Leave) })
		v.after(421, func() {
			if w := v.watchedNow("contract"); w.Decided != string(playbook.Leave) {
				v.t.Errorf("decided: %+v", w)
			}
			v.says("owner-ola", "give-notice", review.Delivered, deliver("sha256:receipt"))
		})
		v.offAfter(500)
	}, contract)
	v.wantAbout(map[string]string{"notice": "onboarding/acme/1:contract", "give-notice": "onboarding/acme/1:contract"})
	if n := len(v.rec.of(dossier.Watched)); n != 1 {
		t.Errorf("the contract was given an end %d times: it renewed by itself", n)
	}
	if e := v.rec.of(dossier.NoticePassed); len(e) != 2 || e[1].Case != dossier.Register || e[1].Detail.Parent != vigilID || e[1].Detail.Vendor != "acme" {
		t.Errorf("passed: %+v", e)
	}
	if e := v.rec.of(dossier.Lapsed); len(e) != 1 || e[0].Detail.Result != "renewed-by-itself" {
		t.Errorf("lapsed: %+v", e)
	}
	var asked []string
	for _, line := range v.told("sponsor-sue") {
		if slices.Contains([]string{"250 asked notice", "280 asked notice", "280 owner notice", "310 owner notice", "400 owner notice"}, line) {
			asked = append(asked, line)
		}
	}
	if len(asked) != 5 {
		t.Errorf("the sponsor was told %v", v.told("sponsor-sue"))
	}
}

// Owner and sponsor renew: the terms are asked for until they name a later end, and
// the next notice deadline is made of them.
func TestOversightARenewal(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(251, func() { v.says("owner-ola", "notice", playbook.Leave) })
		v.after(252, func() { v.says("sponsor-sue", "notice", playbook.Renew) }) // their word stands
		v.after(253, func() { v.says("owner-ola", "terms", review.Done, goodUntil(399)) })
		v.after(254, func() {
			v.says("owner-ola", "terms", review.Done, goodUntil(765), noticeOf(30), renewsBy(engagement.No))
		})
		v.after(255, func() {
			w := v.watchedNow("contract")
			if !w.On.Equal(monday.AddDate(0, 0, 765)) || w.NoticeDays != 30 || w.Renews {
				v.t.Errorf("watched %+v", w)
			}
		})
		v.after(674, func() { v.wantNobodyAsked("notice") })
		v.after(676, func() {
			v.says("owner-ola", "notice", playbook.Leave)
			v.says("sponsor-sue", "notice", playbook.Leave)
		})
		v.after(680, func() { v.says("owner-ola", "give-notice", review.Delivered, deliver("sha256:receipt")) })
		v.after(766, func() {
			if w := v.watchedNow("contract"); w.Ended != "ended" {
				v.t.Errorf("notice was given, and it has ended: %+v", w)
			}
		})
		v.offAfter(800)
	}, expiry("contract", engagement.ExpiryContract, 400, func(e *engagement.Expiry) { e.NoticeDays, e.Renews = 90, true }))
	if len(v.rec.of(dossier.Escalated)) > 0 || len(v.rec.of(dossier.NoticePassed)) > 0 {
		t.Error("nobody was silent, and somebody was called")
	}
	if e := v.rec.of(dossier.NoticeDecided); len(e) != 2 || e[0].Detail.Result != string(playbook.Renew) || e[0].Actor != "sponsor-sue" {
		t.Errorf("decided: %+v", e)
	}
}

func noticeOf(days int64) func(*review.Answer) {
	return func(a *review.Answer) {
		a.Findings = append(a.Findings, engagement.Finding{Point: pointNotice, Number: &days})
	}
}

func renewsBy(choice string) func(*review.Answer) {
	return func(a *review.Answer) {
		a.Findings = append(a.Findings, engagement.Finding{Point: pointRenews, Choices: []string{choice}})
	}
}

// An agreement runs out: a new collection is begun, once; what it reports is taken once
// though it comes twice, and the old one's dates are watched no longer.
func TestOversightAnAgreementIsCollectedAnew(t *testing.T) {
	news := func(v *vigil) News {
		ended := child{id: "dpa/acme/1", part: playbook.DPA, dpa: DPAResult{Result: ResultInForce, Document: "sha256:dpa2", Ends: monday.AddDate(0, 0, 800), LookAgain: monday.AddDate(0, 0, 600)}}
		return News{Process: v.begun[0].Process, Result: ResultInForce, Document: "sha256:dpa2", Expiries: ended.expiries()}
	}
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(71, func() {
			if len(v.begun) != 1 {
				v.t.Fatalf("%d collections were begun, want one", len(v.begun))
			}
			in := v.begun[0]
			if in.Process != "dpa/acme/1" || in.Case != in.Process || in.Reports != vigilID || !in.Wanted || len(in.Steps) != 3 || in.Owner != "owner-ola" {
				v.t.Errorf("begun with %+v", in)
			}
		})
		v.after(90, func() { v.env.SignalWorkflow(SignalNews, news(v)) })
		v.after(91, func() { v.env.SignalWorkflow(SignalNews, news(v)) })
		v.offAfter(300)
	}, expiry("ends", engagement.ExpiryDPA, 100), expiry("look-again", engagement.ExpiryDPA, 150))
	if len(v.begun) != 1 {
		t.Errorf("%d collections were begun, want one", len(v.begun))
	}
	if e := v.rec.of(dossier.Reported); len(e) != 1 || e[0].Detail.Parent != "dpa/acme/1" || e[0].Detail.Result != ResultInForce {
		t.Errorf("reported: %+v", e)
	}
	for id, ended := range map[string]string{"ends": "replaced", "look-again": "replaced", "dpa/acme/1:ends": "", "dpa/acme/1:look-again": ""} {
		if w := v.watchedNow(id); w.Ended != ended {
			t.Errorf("%s: %+v", id, w)
		}
	}
	reg := v.rec.of(dossier.CaseOpened)
	if !slices.ContainsFunc(reg, func(e dossier.Entry) bool {
		return e.Case == dossier.Register && e.Detail.Parent == "dpa/acme/1" && e.Detail.Vendor == "acme"
	}) {
		t.Errorf("the register doesn't know the case that was begun: %+v", reg)
	}
}

// The collection that an oversight begins is the one that people know: asked of the
// vendor, gone through, signed, and reported. From then on the new end is watched.
func TestOversightPlaysTheCollection(t *testing.T) {
	v := newVigil(t, false, expiry("ends", engagement.ExpiryDPA, 100))
	v.plays = true
	const begun = "dpa/acme/1"
	says := func(person, step string, verdict review.Verdict, more func(*review.Answer)) {
		view := v.rec.view(begun)
		i := slices.IndexFunc(view.Requests, func(r review.Request) bool { return r.Step == step && r.Closed == nil })
		if i < 0 {
			v.t.Fatalf("at %s nobody is asked %s in %s", v.env.Now(), step, begun)
		}
		r := view.Requests[i]
		v.ids++
		a := review.Answer{ID: "b" + step + person, Request: r.ID, Version: r.Current(), Verdict: verdict, Person: v.person(person), Channel: "web", At: v.env.Now()}
		more(&a)
		v.send(begun, UpdateAnswer, a.ID, a)
	}
	plain := func(*review.Answer) {}
	v.after(72, func() { says("acme.1", "ask", review.Delivered, deliver(v.agreement("dpa2"))) })
	v.after(73, func() { says("privacy-pam", "points", review.Checked, found()) })
	v.after(74, func() {
		says("legal-lee", "sign", review.Approve, plain)
		says("board-bea", "sign", review.Approve, plain)
	})
	v.after(75, func() {
		if w := v.watchedNow("ends"); w.Ended != "replaced" || w.Begun != begun {
			v.t.Errorf("the old one: %+v", w)
		}
		if w := v.watchedNow(begun + ":ends"); !w.On.Equal(monday.AddDate(1, 0, 0)) || w.Document != "sha256:dpa2" {
			v.t.Errorf("the new one: %+v", w)
		}
	})
	v.offAfter(80)
	v.live()
	if own := v.rec.view(begun); own.Vendor != "acme" || own.Owner != "owner-ola" || own.State == dossier.Running {
		t.Errorf("the case that was begun: %+v", own)
	}
}
