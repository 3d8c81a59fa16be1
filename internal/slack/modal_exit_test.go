package slack

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

func exitOrdered() dossier.ExitOrder {
	return dossier.ExitOrder{Vendor: "Acme <Payroll>", Mode: exit.ModeForCause, After: exit.AfterReplaced, Successor: "beta", By: "2026-12-31", Trigger: exit.TriggerIncident}
}

func exitSeen() dossier.ExitPreview {
	by := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	return dossier.ExitPreview{Vendor: "acme-payroll", Name: "Acme <Payroll>", Case: "oversight/acme-payroll/1", Accounts: 2, Repositories: 3, Lacks: []string{dossier.LacksExitPlan},
		Order:     exit.Order{Mode: exit.ModeForCause, After: exit.AfterReplaced, Successor: "beta", By: by, Trigger: exit.TriggerIncident},
		ExitDates: dossier.DatesOf(engagement.Expiry{On: by.AddDate(1, 0, 0), NoticeDays: 90}, true, by.AddDate(0, -1, 0), by),
		Steps:     []dossier.ExitStep{{ID: "cut", Title: "Cut *their* access now", People: []string{"sam"}}, {ID: "notice", Title: "Give <notice>"}}}
}

// refusedError is what the desk says of an order that is wrong.
type refusedError string

func (e refusedError) Error() string { return string(e) }
func (refusedError) Invalid() bool   { return true }

func (d *frontDesk) PreviewExit(_ context.Context, _ review.Address, o dossier.ExitOrder) (dossier.ExitPreview, error) {
	if o.Vendor == "nobody" {
		return dossier.ExitPreview{}, refusedError("vendor: no vendor of yours who works is called \"nobody\"")
	}
	return exitSeen(), nil
}

func (d *frontDesk) OpenExit(_ context.Context, _ review.Address, o dossier.ExitOrder) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if o.Confirm != "acme-payroll" {
		return "", refusedError("confirm: \"" + o.Confirm + "\" is not the vendor's name")
	}
	d.left = append(d.left, o)
	return "exit/acme-payroll/1", d.note("exit")
}

// TestAVendorIsLeftFromSlack is a story: the word opens a form, the form shows what it
// comes to, and only the typed name opens the case, as it was shown.
func TestAVendorIsLeftFromSlack(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	if got := l.typed("maya", "exit acme-payroll"); got != "" {
		t.Fatalf("answered %q", got)
	}
	v := l.modal("maya")
	out, err := l.slack.Submit("U0MAYA", v.ID, url.Values{blockField + "vendor": {"nobody"}, blockField + "after": {"ends"}, blockField + "by": {"2026-12-31"}})
	if err != nil || !strings.Contains(out.Errors[blockField+"vendor"], "No vendor of yours") {
		t.Fatalf("%v %+v\n%s", err, out.Errors, l.logs)
	}
	out, err = l.slack.Submit("U0MAYA", v.ID, url.Values{blockField + "vendor": {"acme-payroll"}, blockField + "mode": {"for-cause"}, blockField + "after": {"replaced"}, blockField + "successor": {"beta"}, blockField + "by": {"2026-12-31"}})
	if err != nil || len(out.Errors) > 0 || len(l.desk.left) > 0 {
		t.Fatalf("%v %+v\n%s", err, out.Errors, l.logs)
	}
	v = l.modal("maya")
	out, err = l.slack.Submit("U0MAYA", v.ID, url.Values{blockField + "reason": {"They were breached."}, blockField + "confirm": {"Acme"}})
	if err != nil || !strings.Contains(out.Errors[blockField+"confirm"], "is not the vendor's name") || len(l.desk.left) > 0 {
		t.Fatalf("%v %+v\n%s", err, out.Errors, l.logs)
	}
	out, err = l.slack.Submit("U0MAYA", v.ID, url.Values{blockField + "confirm": {"acme-payroll"}})
	if err != nil || len(out.Errors) > 0 || len(l.desk.left) != 1 {
		t.Fatalf("%v %+v\n%s", err, out.Errors, l.logs)
	}
	o := l.desk.left[0]
	if o.ID == "" || o.Vendor != "acme-payroll" || o.Mode != exit.ModeForCause || o.Successor != "beta" || o.By != "2026-12-31" || o.Reason != "They were breached." {
		t.Errorf("ordered: %+v", o)
	}
	l.faultless()
}

// TestAnOrderComesBackFromItsForms as it was, and what is none of ours is none.
func TestAnOrderComesBackFromItsForms(t *testing.T) {
	t.Parallel()
	want := exitOrdered()
	got, faults := readExit(stateOf(exitModal(want)))
	if faults != nil || got != want {
		t.Errorf("%+v, want %+v: %v", got, want, faults)
	}
	played := exitOrdered()
	played.Mode, played.Rehearses, played.WithPeople = exit.ModeDrill, exit.ModeStressed, true
	got, faults = readExit(stateOf(exitModal(played)))
	if faults != nil || got != played {
		t.Errorf("%+v, want %+v: %v", got, played, faults)
	}
	played.Mode = exit.ModePlanned // what only a drill has is not looked at
	got, _ = readExit(stateOf(exitModal(played)))
	if got.WithPeople || got.Rehearses != "" {
		t.Errorf("%+v rehearses", got)
	}
	_, faults = readExit(stateOf(exitModal(dossier.ExitOrder{})))
	if len(faults) != 4 {
		t.Errorf("an empty form: %v", faults)
	}
	view := exitNameModal(exitSeen(), want)
	kept, faults, ours := readExitName(view.PrivateMetadata, stateOf(view))
	want.Vendor = "acme-payroll"
	if !ours || len(faults) != 2 || kept != want {
		t.Errorf("%+v, want %+v: %v", kept, want, faults)
	}
	for _, metadata := range []string{"", "{}", testTicket, `{"vendor":"x","owner":"y"}`, "[]"} {
		if _, _, ours := readExitName(metadata, nil); ours {
			t.Errorf("%q is taken for an order", metadata)
		}
	}
	if at := exitFaults(refusedError("mode: there is no \"x\"\nit is away"), exitFields()); at[blockField+"mode"] == "" || at[blockField+"people"] == "" {
		t.Errorf("%v", at)
	}
}
