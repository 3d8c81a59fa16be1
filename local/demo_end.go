package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/proof"
)

// finish takes both dossiers and says where they lie and what to look at.
func (r *rehearsal) finish(ctx context.Context, folder string) error {
	hub, err := r.place.org.left()
	if err != nil {
		return fmt.Errorf("looking at GitHub after the exit: %w", err)
	}
	matters, err := r.matters(ctx)
	if err != nil {
		return err
	}
	r.chapter("4. What is left: two sealed dossiers, verified as an auditor would who was given the key's fingerprint")
	key := r.place.house.Desk.Fingerprint(ctx)
	fmt.Fprintf(r.out, "At GitHub: %s.\nOn the certificate: %s.\n", hub, matters)
	var files []string
	for _, d := range []struct{ id, file, what string }{{r.first, "onboarding.zip", "taken on board"}, {r.exit, "exit.zip", "left"}} {
		file := filepath.Join(folder, d.file)
		err := r.take(ctx, d.id, file)
		if err == nil {
			err = r.verify(ctx, file, key, "how "+vendorName+" was "+d.what)
		}
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	last := files[len(files)-1]
	fmt.Fprintf(r.out, "\nlook: unzip -d dossier %s && open dossier/data/report.html   (the certificate is among its documents)\n"+
		"verify: go run ./starter verify %s --key %s --replay\n"+
		"go on: go run ./local -data %s   (the same cases, on pages: as Maya Lindqvist open %s)\n", last, last, key, folder, r.exit)
	return nil
}

// matters counts what the exit had to see to, by what became of it.
func (r *rehearsal) matters(ctx context.Context) (string, error) {
	lines, err := r.place.house.Archive.Lines(ctx, r.exit)
	if err != nil {
		return "", fmt.Errorf("reading what the exit saw to: %w", err)
	}
	states := map[string]string{} // by matter, as it was last settled
	for _, l := range lines {
		if l.Entry.Kind == dossier.MatterSettled {
			states[l.Entry.Process+":"+l.Entry.Detail.Name] = l.Entry.Detail.Result
		}
	}
	counts := map[string]int{}
	for _, s := range states {
		counts[s]++
	}
	var said []string
	for _, s := range slices.Sorted(maps.Keys(counts)) {
		said = append(said, fmt.Sprintf("%d %s", counts[s], strings.ReplaceAll(s, "-", " ")))
	}
	return strings.Join(said, ", ") + "; what is waived is waived by a named person until a day", nil
}

// take waits for the seal of a case and takes its dossier.
func (r *rehearsal) take(ctx context.Context, id, file string) error {
	for {
		v, err := r.place.house.Archive.Case(ctx, id)
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
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.place.url+"/api/dossier?"+url.Values{"case": {id}}.Encode(), nil)
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
	return nil
}

// verify holds a dossier to its seal, and has this release do again what its histories
// say was done.
func (r *rehearsal) verify(ctx context.Context, file, key, what string) error {
	zip, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading the dossier: %w", err)
	}
	at, size := bytes.NewReader(zip), int64(len(zip))
	verdict, err := archive.Verify(at, size, []string{key})
	if err != nil {
		return fmt.Errorf("verifying the dossier: %w", err)
	}
	if !verdict.Intact || !verdict.Known {
		return fmt.Errorf("the dossier does not verify: %s", strings.Join(verdict.Findings, "; "))
	}
	lines, open, err := archive.Contents(at, size)
	if err != nil {
		return fmt.Errorf("taking the histories out of the dossier: %w", err)
	}
	replay, err := proof.Verify(ctx, proof.Release(), lines, open)
	if err != nil {
		return fmt.Errorf("replaying the dossier: %w", err)
	}
	if !replay.Whole() || replay.Contradicted() {
		return fmt.Errorf("what the dossier's histories say can't be done again: %+v", replay)
	}
	fmt.Fprintf(r.out, "The dossier is intact: %s; %d lines, %d documents, all of %d histories replayed, signed by %s\n  %s\n",
		what, verdict.Lines, verdict.Documents, len(replay.Histories), verdict.Fingerprint, file)
	return nil
}
