package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"gangway/config"
	"gangway/internal/dossier"
)

// requester asks for the example's vendor; owner is who the example names.
const (
	requester = "tom"
	owner     = "maya"
)

// demoBound ends a demo that does not come to its end: a defect, said as one.
const demoBound = 5 * time.Minute

// playDemo plays a whole life with people who know only what reached them, in
// a folder of its own.
func playDemo(ctx context.Context, s settings, log *slog.Logger, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, demoBound)
	defer cancel()
	s.data = filepath.Join(s.data, "demo-"+time.Now().UTC().Format("20060102-150405"))
	s.addr, s.outside = "127.0.0.1:0", []string{requester, owner, "ravi", "claire", "daniel", "sam"}
	s.client = "Northgate Housing Association" // as the example's papers have it
	p, err := open(ctx, s, log)
	if err != nil {
		return err
	}
	defer p.close()
	fmt.Fprintf(out, "A rehearsal: twelve people take a vendor on board, watch over them, and leave them again; in their browsers, in Slack and by mail.\nThe vendors have mail alone. The calendar jumps whenever nobody has anything to answer. Nothing here is real.\n\n  inbox    %s\n  slack    %s\n  mailbox  %s\n  github   %s%s\n  data     %s\n", p.url, p.slack, p.mailbox, p.github, p.org.lacks(), s.data)
	r := &rehearsal{place: p, out: out, today: time.Now(), closed: map[string]bool{}}
	err = r.life(ctx, s.data)
	if err != nil {
		return brokenOff{err, s.data}
	}
	return nil
}

// brokenOff is a demo that did not come to its end.
type brokenOff struct {
	error
	folder string
}

// Unwrap returns why.
func (e brokenOff) Unwrap() error { return e.error }

// Hint says where what was played so far can be looked at.
func (e brokenOff) Hint() string {
	return "look at how far it came with: go run ./local -data " + e.folder + "; on a machine that has much else to do, play it again when that is over"
}

// life plays a vendor's whole life with the client, and shows what is left of it.
func (r *rehearsal) life(ctx context.Context, folder string) error {
	err := r.invite(ctx)
	if err != nil {
		return err
	}
	r.chapter("1. On board: need, contract and agreement, by the playbook `standard`")
	r.first, err = r.open(ctx, "demo", func(text string) string { return text })
	if err == nil {
		err = r.play(ctx, scene{cases: []string{r.first}})
	}
	if err != nil {
		return err
	}
	r.chapter("2. At work: four months under oversight")
	err = r.oversee(ctx)
	if err != nil {
		return err
	}
	r.chapter("3. Off again: a planned exit by `whole-exit`, while another vendor is taken on board")
	err = r.leave(ctx)
	if err != nil {
		return err
	}
	return r.finish(ctx, folder)
}

// chapter prints a heading.
func (r *rehearsal) chapter(title string) { fmt.Fprintf(r.out, "\n%s\n\n", title) }

// rehearsal is a demo under way.
type rehearsal struct {
	place *place
	out   io.Writer
	// first is the case that takes the vendor on board, exit the one that leaves them; told
	// counts the lines of that one's record that were looked at.
	first, exit string
	told        int
	closed      map[string]bool // cases of which it was told that they are over
	people      []attendee
	today       time.Time // the cases', as of the last jump
}

// tell prints a line with the case's date before it.
func (r *rehearsal) tell(format string, args ...any) {
	fmt.Fprintf(r.out, "  %s  %s\n", r.today.UTC().Format("Mon 02 Jan 15:04"), fmt.Sprintf(format, args...))
}

// open files a vendor as the command line would, by the example's file and contract as
// somebody changed them, and returns the case.
func (r *rehearsal) open(ctx context.Context, id string, change func(string) string) (string, error) {
	text, err := example("vendor.yaml")
	if err != nil {
		return "", err
	}
	v, err := config.ReadIntake("vendor.yaml", []byte(change(string(text))))
	if err != nil {
		return "", fmt.Errorf("reading the example's vendor: %w", err)
	}
	contract, err := example(v.ContractFile)
	if err != nil {
		return "", err
	}
	var paper dossier.Paper
	err = r.post(ctx, requester, "/api/documents", []byte(change(string(contract))), &paper)
	if err != nil {
		return "", fmt.Errorf("filing the contract: %w", err)
	}
	v.Intake.ID, v.Intake.Contract, v.Intake.Rehearsal, v.Intake.Begins = id, paper.Digest, true, r.today
	var opened struct{ Case string }
	err = r.post(ctx, requester, "/api/open", v.Intake, &opened)
	if err != nil {
		return "", fmt.Errorf("opening the case: %w", err)
	}
	r.tell("Tom Okafor asks for %s: case %s", v.Intake.Vendor.Name, opened.Case)
	return opened.Case, nil
}

// post does a call of the command line's as somebody.
func (r *rehearsal) post(ctx context.Context, who, path string, in, out any) error {
	text, raw := in.([]byte)
	if !raw {
		var err error
		text, err = json.Marshal(in)
		if err != nil {
			return fmt.Errorf("packing: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.place.url+path, bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("making the call: %w", err)
	}
	req.Header.Set("Gangway-As", who)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("calling: %w", err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("reading the reply: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d: %s", resp.StatusCode, bytes.TrimSpace(reply))
	}
	return json.Unmarshal(reply, out)
}
