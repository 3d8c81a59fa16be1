package main

import (
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// correction is what correcting a field would change.
func correction(field string) playbook.Correction {
	return playbook.Correction{Field: field, From: 2, To: 1, Digest: textOne,
		Added: []playbook.Step{{ID: "pen-test", Title: "Read the\x1b[2J test"}}, Dropped: []playbook.Step{{ID: "short", Title: "Short form"}}, Kept: []playbook.Step{{ID: "map", Title: "Map of data"}}}
}

// replacement is what one person in the place of another touches.
func replacement(leaver, by string) dossier.Replacement {
	return dossier.Replacement{Leaver: leaver, By: by, Digest: textTwo, Roles: []string{"finance"}, Named: []string{"maya"}, Requested: []string{brightwell},
		Cases: []dossier.ReplacedCase{{Case: brightwell, As: "deputy"}},
		Seats: []dossier.ReplacedSeat{{Case: brightwell, Request: reviewed().ID, Step: "review", Seat: "legal", Vacant: true}, {Case: brightwell, Request: reviewed().ID, Step: "review", Seat: "security", Passed: []string{"ines"}}}}
}

// audited is a period with one gap in its numbers.
func audited() []dossier.AuditRow {
	return []dossier.AuditRow{
		{Chain: brightwell, N: 1, At: days(0), CaseAt: days(0), Case: brightwell, Sort: dossier.AuditCase, What: "case-opened", Actor: "maya"},
		{Chain: brightwell, N: 3, At: days(1), CaseAt: days(1), Case: brightwell, Sort: dossier.AuditDecision, What: "answered", Actor: "helen", Step: "need", Seat: "sponsor", Result: "approve", Inside: "=cmd|'x'\u202e, \"quoted\""},
		{Chain: "register", N: 7, At: days(2), Sort: dossier.AuditPeople, What: "people", Actor: "maya"},
		{Chain: brightwell, N: 2, Sort: dossier.AuditFinding, What: "1 of the lines 2 to 2 are missing"},
	}
}

func lettersOf() []outbox.Letter {
	return []outbox.Letter{{ID: "asked/1", Person: "tom", Kind: outbox.Asked, Case: brightwell, State: outbox.Bounced, Fault: "bounce 5.1.1", Changed: days(6)},
		{ID: "link/2", Person: "ines", Kind: outbox.SignIn, State: outbox.Unknown, Changed: days(5)}}
}

func repeated() outbox.Letter {
	return outbox.Letter{ID: "asked/1+again", Person: "tom", Kind: outbox.Asked, Case: brightwell, State: outbox.Waiting, Again: "asked/1"}
}

// held is the running case on hold.
func held() dossier.CaseView {
	v := running()
	v.ID, v.Held = "onboarding/held/1", &dossier.Hold{Since: days(5), By: "maya"}
	v.Requests = []review.Request{}
	return v
}

// aways are when somebody is away, by their own word and by the people file.
func aways() []playbook.Away {
	return []playbook.Away{{From: days(10), Until: days(20), Backup: "tom", Own: true}, {From: days(40), Until: days(47)}}
}

// afterSaying is what stands once somebody said that they are away, or back.
func afterSaying(a playbook.Away) []playbook.Away {
	if a.Until.IsZero() {
		return []playbook.Away{}
	}
	a.Own = true
	return []playbook.Away{a}
}
