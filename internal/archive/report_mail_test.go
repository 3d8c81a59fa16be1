package archive

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// mailedStory is an open case in which the vendor delivers by mail, the owner files
// for the vendor, and mails come that do not count.
func mailedStory() *story {
	s := openStory()
	s.fact(review.Fact{Kind: review.FactCounted, Ballot: &review.Ballot{Answer: "mail-1", Seat: "security", Person: "acme.1", Verdict: review.Delivered, Version: 1,
		Documents: []string{s.paper("%PDF-1.7 the agreement")}, Channel: "mail"}})
	e := s.fact(review.Fact{Kind: review.FactCounted, Ballot: &review.Ballot{Answer: "web-1", Seat: "finance", Person: "olga", Verdict: review.Delivered, Version: 1,
		Documents: []string{s.paper("the agreement, as published"), s.paper("its annex")}, ForVendor: true, Channel: "web"}})
	s.text(e, dossier.Body{Inside: "published at https://acme.example/dpa"})
	mail := func(raw string, d dossier.Detail) {
		d.Document, d.Size, d.Media, d.Arrived = s.paper(raw), int64(len(raw)), "message/rfc822", storyNoon
		s.add(storyCase, "", dossier.MailFiled, "", d)
	}
	mail("From: vera@acme.example", dossier.Detail{Result: "delivered", Person: "acme.1", Request: "q1", Outcome: &review.Outcome{Status: review.Counted}})
	mail("From: \u202emallory", dossier.Detail{Result: "comment", Person: "lena", Request: "q1", Values: []string{"not-addressee", "not-aligned"}})
	mail("From: mx", dossier.Detail{Result: "bounce"})
	return s
}

// TestReportSaysWhatCameByMail: who delivered for the vendor, what the owner filed
// in its place and from where, and what became of every mail.
func TestReportSaysWhatCameByMail(t *testing.T) {
	t.Parallel()
	s := mailedStory()
	page := reportOf(t, s)
	digest := func(n int) string { return digestText(s.texts[n]) }
	for name, wants := range map[string][]string{
		"decided": {
			"acme.1 , seat security: delivered", "one of the vendor's people", "with document " + digest(2),
			"Olga Ochs (olga) , seat finance: delivered", "filed for the vendor by Olga Ochs (olga); the source stands in the timeline",
			"with 2 documents: " + digest(3) + ", " + digest(4),
		},
		"notable": {"Olga Ochs (olga) filed for the vendor what seat finance of “Sign off the contract” was asked for", "published at https://acme.example/dpa"},
		"timeline": {
			"acme.1 answered “Sign off the contract” for seat security: delivered", "Documents: " + digest(2) + ".",
			"A mail came on 2 March 2026, 12:00 UTC on what was asked of acme.1 in “Sign off the contract” (" + digest(5) + "): a delivery, which was counted.",
			"of Lena Lang (lena) in “Sign off the contract” (" + digest(6) + "): a comment. It could not decide: its sender is not who was asked; nothing proves that the sender's domain sent it.",
			"A mail came on 2 March 2026, 12:00 UTC (" + digest(7) + "): a report that a mail of ours did not arrive.",
		},
		"papers": {"mail as it came: a delivery, which was counted", "23 bytes, message/rfc822", "by mail, on what was asked of acme.1", "data/documents/" + strings.TrimPrefix(digest(5), "sha256:"),
			"mail as it came: a comment", "mail as it came: a report that a mail of ours did not arrive"},
	} {
		text := section(t, page, name)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q\n%s", name, want, text)
			}
		}
	}
	v := judged(t, packed(t, s, 1), storyKey(1).Fingerprint())
	if !v.Intact {
		t.Errorf("the dossier does not verify: %+v", v)
	}
}

// settled puts a mail with its document and settles it.
func settled(t *testing.T, a *Archive, raw string, m arrivals.Arrival) dossier.Paper {
	t.Helper()
	paper, err := a.Put(t.Context(), strings.NewReader(raw), 0)
	_, _, err2 := a.PutArrival(t.Context(), arrivals.Arrival{ID: m.ID, Raw: paper.Digest, Size: paper.Size, Came: storySeal})
	if err := errors.Join(err, err2, a.SettleArrival(t.Context(), m)); err != nil {
		t.Fatal(err)
	}
	return paper
}

// TestMailsAreSealedWithTheirCase: the raw bytes of a case's mails are in its
// dossier, with the name of the contact whom they are about; a mail that comes
// after the seal makes a dossier that adds to it.
func TestMailsAreSealedWithTheirCase(t *testing.T) {
	t.Parallel()
	ctx, key := t.Context(), storyKey(1)
	a := filed(t, closedStory())
	err := a.PutContact(ctx, playbook.Contact{ID: "acme.1", Vendor: "acme", Name: "Vera Volt", Mail: "vera@acme.example", State: playbook.ContactEnded})
	if err != nil {
		t.Fatal(err)
	}
	one := settled(t, a, "From: vera@acme.example\r\n\r\nHere it is.", arrivals.Arrival{ID: "m1", Kind: arrivals.Delivered, Person: "acme.1", Case: storyCase, Request: "q1", Outcome: "counted"})
	settled(t, a, "From: nobody\r\n\r\nBuy.", arrivals.Arrival{ID: "m2", Kind: arrivals.Stray})
	kept := settled(t, a, "From: later\r\n\r\nThanks.", arrivals.Arrival{ID: "m3", Kind: arrivals.Comment, Person: "lena", Case: storyCase})
	first, err := a.SealCase(ctx, storyCase, key, storySeal)
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]string)
	for _, m := range members(t, exported(t, a, key, storySeal)) {
		texts[m.path] = string(bytesOf(t, m))
	}
	if raw := texts[documentPath(one.Digest)]; raw != "From: vera@acme.example\r\n\r\nHere it is." {
		t.Errorf("the raw mail is %q", raw)
	}
	if texts[documentPath(kept.Digest)] == "" || strings.Contains(texts[reportPath], "Buy.") || !strings.Contains(texts[reportPath], "Vera Volt (acme.1)") {
		t.Error("a mail of the case is missing, one of no case is there, or a contact has no name")
	}
	late := settled(t, a, "From: vera@acme.example\r\n\r\nOne more thing.", arrivals.Arrival{ID: "m4", Kind: arrivals.Comment, Person: "acme.1", Case: storyCase, Why: []arrivals.Why{arrivals.OldToken}})
	if ready, err := a.SealReady(ctx); err != nil || !slices.Equal(ready, []string{storyCase}) {
		t.Fatalf("ready to be sealed again: %q, %v", ready, err)
	}
	if _, err := a.SealCase(ctx, storyCase, key, storySeal); err != nil {
		t.Fatal(err)
	}
	again := exported(t, a, key, storySeal)
	v := judged(t, again, key.Fingerprint())
	if !v.Intact || v.Earlier != first.Digest || v.Documents != 2+3 {
		t.Errorf("the verdict: %+v", v)
	}
	if !bytes.Contains(again, []byte(strings.TrimPrefix(late.Digest, "sha256:"))) {
		t.Error("the late mail is not in the dossier that adds to the first")
	}
}

// TestMailHasWords: nothing that a mail can be, or can lack, is said in a
// machine's word.
func TestMailHasWords(t *testing.T) {
	t.Parallel()
	for _, k := range []arrivals.Kind{arrivals.Decision, arrivals.Delivered, arrivals.Comment, arrivals.Away, arrivals.Automatic, arrivals.Bounce, arrivals.Stray, arrivals.Unsafe} {
		if said := mailKind(string(k)); !strings.Contains(said, " ") {
			t.Errorf("%s: %q", k, said)
		}
	}
	for _, w := range []arrivals.Why{arrivals.NoToken, arrivals.OldToken, arrivals.NotAddressee, arrivals.ManySenders, arrivals.NotAligned, arrivals.SaysFail, arrivals.IsAutomatic,
		arrivals.Unclear, arrivals.NeedsMore, arrivals.CommentOnly, arrivals.NotKnown, arrivals.TooBig, arrivals.TooDeep, arrivals.BadDocument} {
		if said := mailWhy(string(w)); !strings.Contains(said, " ") {
			t.Errorf("%s: %q", w, said)
		}
	}
	for _, s := range []review.Status{review.Counted, review.Already, review.Pending, review.Refused} {
		if said := becameOf(&review.Outcome{Status: s}); !strings.Contains(said, "which") {
			t.Errorf("%s: %q", s, said)
		}
	}
	if hostile := mailKind("\u202e") + mailWhy("\u202e") + becameOf(&review.Outcome{Status: "\u202e"}); strings.Contains(hostile, "\u202e") {
		t.Errorf("a strange word goes through: %q", hostile)
	}
}
