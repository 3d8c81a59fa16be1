package main

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// What the story's exit is about.
const (
	vendorName    = "Brightwell Payroll Ltd."
	vendorSlug    = "brightwell-payroll"
	successorName = "Calder Payroll Services"
	successorSlug = "calder-payroll"
	// watchedDays is how long the vendor works before they are left, in days, and exitDays
	// how long the exit has: more than the three months that the contract wants notice.
	watchedDays = 120
	exitDays    = 150
)

// oversee puts the vendor under the oversight of the playbook `whole`, by what is known of
// them, and lets some months pass.
func (r *rehearsal) oversee(ctx context.Context) error {
	signed, err := example("contract-v2.md")
	if err != nil {
		return err
	}
	var paper dossier.Paper
	err = r.post(ctx, owner, "/api/documents", signed, &paper)
	if err != nil {
		return fmt.Errorf("filing the signed contract: %w", err)
	}
	day := func(years int) string { return r.today.AddDate(years, 0, 0).Format(time.DateOnly) }
	var done dossier.Adoption
	err = r.post(ctx, owner, "/api/adopt", dossier.AdoptOrder{Playbook: "whole", Rehearsal: true, Files: map[string]string{"contract.md": paper.Digest},
		CSV: "vendor,slug,service,owner,deputy,sponsor,data,systems,yearly_cost,contract_file,contract_end,notice_days,renews,dpa_end,contacts,source\n" +
			vendorName + "," + vendorSlug + ",Monthly payroll,maya,tom,helen,personal; payment,hr-records; bank-portal,18600,contract.md," + day(2) + ",90,yes," + day(2) +
			",Nadia Rahman <nadia@brightwell.example>," + r.first + "\n"}, &done)
	if err != nil {
		return fmt.Errorf("watching over the vendor: %w", err)
	}
	watch := done.Rows[0].Case
	r.tell("%s has %s watched: contract, notice, agreement on data, and what is lacking (%s)", "Maya Lindqvist", vendorName, watch)
	err = r.awaits(ctx, watch)
	if err != nil {
		return err
	}
	from := r.today
	err = r.jump(ctx, []string{watch}, from, true)
	if err != nil {
		return err
	}
	return r.play(ctx, scene{cases: []string{watch}, until: from.AddDate(0, 0, watchedDays), quick: true})
}

// awaits waits until a case is in the record.
func (r *rehearsal) awaits(ctx context.Context, id string) error {
	for {
		v, err := r.place.house.Archive.Case(ctx, id)
		if err == nil && len(v.Processes) > 0 {
			return nil
		}
		err = rest(ctx)
		if err != nil {
			return err
		}
	}
}

// leave has the vendor left and another one taken on board in their place, and plays both
// to their end.
func (r *rehearsal) leave(ctx context.Context) error {
	err := r.place.org.work(ctx)
	if err != nil {
		return err
	}
	r.tell("Nadia Rahman works in our repository payroll-exports by now; a deploy key of theirs fetches it every night; and what makes the payslips is in %s/%s, which is theirs", vendorOwner, vendorRepository)
	next, err := r.open(ctx, "demo-successor", func(text string) string {
		return strings.NewReplacer(vendorName, successorName, vendorSlug, successorSlug, "Nadia Rahman", "Omar Haddad", "nadia@brightwell", "omar@calder", "brightwell.example", "calder.example").Replace(text)
	})
	if err != nil {
		return err
	}
	err = r.awaits(ctx, next)
	if err != nil {
		return err
	}
	order := dossier.ExitOrder{ID: "demo-exit", Vendor: vendorSlug, Confirm: vendorName, Mode: exit.ModePlanned, After: exit.AfterReplaced, Successor: successorSlug,
		Trigger: exit.TriggerReplacement, By: r.today.AddDate(0, 0, exitDays).Format(time.DateOnly), Reason: "Two runs were late, and the year-end return had to be filed again."}
	var preview dossier.ExitPreview
	err = r.post(ctx, requester, "/api/exit/preview", order, &preview)
	if err != nil {
		return fmt.Errorf("looking what the exit comes to: %w", err)
	}
	r.tell("Tom Okafor, the deputy, looks what leaving %s comes to:", vendorName)
	for _, l := range preview.Lines() {
		fmt.Fprintf(r.out, "                      %s: %s\n", l.Label, l.Text)
	}
	var opened struct{ Case string }
	err = r.post(ctx, requester, "/api/exit", order, &opened)
	if err != nil {
		return fmt.Errorf("opening the exit: %w", err)
	}
	r.exit = opened.Case
	r.tell("Tom Okafor types the vendor's name: case %s", r.exit)
	return r.play(ctx, scene{cases: []string{next, r.exit}, quick: true})
}

// example is a file of the example.
func example(name string) ([]byte, error) {
	text, err := fs.ReadFile(config.Example(), name)
	if err != nil {
		return nil, fmt.Errorf("opening the example's %s: %w", name, err)
	}
	return text, nil
}
