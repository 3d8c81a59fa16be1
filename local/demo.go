package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/dossier"
)

// requester asks for the example's vendor; owner is who the example names.
const (
	requester = "tom"
	owner     = "maya"
)

// demoBound ends a demo that does not come to its end: a defect, said as one.
const demoBound = 5 * time.Minute

// playDemo plays an onboarding with people who know only what reached them, in
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
	fmt.Fprintf(out, "A rehearsal: twelve people take a vendor on board, in their browsers, in Slack and by mail; the vendor has mail alone.\nThe calendar jumps whenever nobody has anything to answer. Nothing here is real.\n\n  inbox    %s\n  slack    %s\n  mailbox  %s\n  github   %s\n  data     %s\n\n", p.url, p.slack, p.mailbox, p.github, s.data)
	r := &rehearsal{place: p, out: out, today: time.Now()}
	err = r.file(ctx)
	if err != nil {
		return err
	}
	err = r.invite(ctx)
	if err != nil {
		return err
	}
	err = r.play(ctx)
	if err != nil {
		return err
	}
	return r.finish(ctx, filepath.Join(s.data, "dossier.zip"))
}

// rehearsal is a demo under way.
type rehearsal struct {
	place  *place
	out    io.Writer
	id     string
	people []attendee
	today  time.Time // the case's, as of the last jump
}

// attendee is one of the rehearsal's people, wherever they live.
type attendee interface {
	// Look lets them answer what they are ready to; it reports whether they did.
	Look(ctx context.Context) (bool, error)
	NewDay()
}

// tell prints a line with the case's date before it.
func (r *rehearsal) tell(format string, args ...any) {
	fmt.Fprintf(r.out, "  %s  %s\n", r.today.UTC().Format("Mon 02 Jan 15:04"), fmt.Sprintf(format, args...))
}

// file files the example's vendor as the command line would.
func (r *rehearsal) file(ctx context.Context) error {
	text, err := fs.ReadFile(config.Example(), "vendor.yaml")
	if err != nil {
		return fmt.Errorf("opening the example's vendor: %w", err)
	}
	v, err := config.ReadIntake("vendor.yaml", text)
	if err != nil {
		return fmt.Errorf("reading the example's vendor: %w", err)
	}
	contract, err := fs.ReadFile(config.Example(), v.ContractFile)
	if err != nil {
		return fmt.Errorf("opening the example's contract: %w", err)
	}
	var paper dossier.Paper
	err = r.post(ctx, "/api/documents", contract, &paper)
	if err != nil {
		return fmt.Errorf("filing the contract: %w", err)
	}
	v.Intake.ID, v.Intake.Contract, v.Intake.Rehearsal = "demo", paper.Digest, true
	var opened struct{ Case string }
	err = r.post(ctx, "/api/open", v.Intake, &opened)
	if err != nil {
		return fmt.Errorf("opening the case: %w", err)
	}
	r.id = opened.Case
	r.tell("Tom Okafor asks for %s: case %s", v.Intake.Vendor.Name, r.id)
	return nil
}

func (r *rehearsal) post(ctx context.Context, path string, in, out any) error {
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
	req.Header.Set("Gangway-As", requester)
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

// play lets everybody look at their inbox until the case is closed; when nobody
// has anything to answer, the calendar jumps to what the clock wants next.
func (r *rehearsal) play(ctx context.Context) error {
	clock := r.place.house.Rehearse(r.id)
	for {
		v, err := r.place.house.Archive.Case(ctx, r.id)
		var missing interface{ NotFound() bool }
		switch {
		case errors.As(err, &missing): // opened, and not in the record yet
		case err != nil:
			return fmt.Errorf("looking at the case: %w", err)
		case !v.Closed.IsZero():
			r.tell("the case is closed: %s", v.State)
			return nil
		}
		next, quiet, err := clock.Due(ctx)
		if err != nil {
			return err
		}
		shown := false
		if quiet {
			shown, err = r.reached(ctx)
			if err != nil {
				return err
			}
		}
		if !shown {
			err = rest(ctx)
			if err != nil {
				return err
			}
			continue
		}
		did, err := r.look(ctx)
		if err != nil {
			return err
		}
		if did {
			continue
		}
		if next.IsZero() { // a process that was just started is not in the record yet
			err = rest(ctx)
			if err != nil {
				return err
			}
			continue
		}
		err = clock.Jump(ctx, next)
		if err != nil {
			return err
		}
		r.today = next
		for _, p := range r.people {
			p.NewDay()
		}
		r.tell("· nobody had anything to answer: the calendar moved here")
	}
}

// look lets everybody open their inbox once.
func (r *rehearsal) look(ctx context.Context) (bool, error) {
	did := false
	for _, p := range r.people {
		d, err := p.Look(ctx)
		if err != nil {
			return false, err
		}
		did = did || d
	}
	return did, nil
}

// rest waits a moment for the record to catch up.
func rest(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("waiting for the case to go on: %w", ctx.Err())
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}

// finish waits for the seal, takes the dossier and verifies it as an auditor
// would who was given the key's fingerprint.
func (r *rehearsal) finish(ctx context.Context, file string) error {
	for {
		v, err := r.place.house.Archive.Case(ctx, r.id)
		if err != nil {
			return fmt.Errorf("looking for the seal: %w", err)
		}
		if v.Sealed {
			break
		}
		err = rest(ctx)
		if err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.place.url+"/api/dossier?case="+r.id, nil)
	if err != nil {
		return fmt.Errorf("asking for the dossier: %w", err)
	}
	req.Header.Set("Gangway-As", owner)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("taking the dossier: %w", err)
	}
	defer resp.Body.Close()
	zip, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("taking the dossier: status %d, %w", resp.StatusCode, err)
	}
	err = os.WriteFile(file, zip, 0o600)
	if err != nil {
		return fmt.Errorf("writing the dossier: %w", err)
	}
	known := r.place.house.Desk.Fingerprint(ctx)
	verdict, err := archive.Verify(bytes.NewReader(zip), int64(len(zip)), []string{known})
	if err != nil {
		return fmt.Errorf("verifying the dossier: %w", err)
	}
	if !verdict.Intact || !verdict.Known {
		return fmt.Errorf("the dossier does not verify: %s", strings.Join(verdict.Findings, "; "))
	}
	fmt.Fprintf(r.out, "\nThe dossier is intact: %d lines, %d documents, %d histories, signed by %s\n  %s\n\nlook: unzip -d dossier %s && open dossier/data/report.html\nverify: go run ./starter verify %s --key %s\n",
		verdict.Lines, verdict.Documents, verdict.Histories, verdict.Fingerprint, file, file, file, known)
	return nil
}
