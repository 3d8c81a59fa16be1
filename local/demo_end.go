package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/proof"
)

// finish takes both dossiers and says where they lie and what to look at.
func (r *rehearsal) finish(ctx context.Context, folder string) error {
	hub, err := r.place.org.left()
	if err != nil {
		return fmt.Errorf("looking at GitHub after the exit: %w", err)
	}
	page, matters, err := r.certificate(ctx)
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
	fmt.Fprintf(r.out, "\nlook: unzip -d dossier %s && open dossier/data/report.html   (the certificate: dossier/data/documents/%s)\n"+
		"verify: go run ./starter verify %s --key %s --replay\n"+
		"go on: go run ./local -data %s   (the same cases, on pages: as Maya Lindqvist open %s)\n", last, strings.TrimPrefix(page, "sha256:"), last, key, folder, r.exit)
	return nil
}

// certificate says how many of the matters on the exit's certificate are done, and how
// many were done without, and by which digest its page is kept.
func (r *rehearsal) certificate(ctx context.Context) (page, matters string, err error) {
	lines, err := r.place.house.Archive.Lines(ctx, r.exit)
	if err != nil {
		return "", "", fmt.Errorf("reading what the exit filed: %w", err)
	}
	data := ""
	for _, l := range lines {
		switch d := l.Entry.Detail; {
		case l.Entry.Kind != dossier.DocumentFiled:
		case d.Name == "certificate":
			page = d.Document
		case d.Name == "certificate-data":
			data = d.Document
		}
	}
	text, err := r.get(ctx, "/api/document?"+url.Values{"case": {r.exit}, "digest": {data}}.Encode())
	if err != nil {
		return "", "", fmt.Errorf("opening the certificate: %w", err)
	}
	var c exit.Certificate
	err = json.Unmarshal(text, &c)
	if err != nil {
		return "", "", fmt.Errorf("reading the certificate: %w", err)
	}
	return page, fmt.Sprintf("%d done, %d not needed, %d waived by a named person until a day", c.Count(exit.StateDone), c.Count(exit.StateNotNeeded), c.Count(exit.StateWaived)), nil
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
	zip, err := r.get(ctx, "/api/dossier?"+url.Values{"case": {id}}.Encode())
	if err != nil {
		return fmt.Errorf("taking the dossier: %w", err)
	}
	err = os.WriteFile(file, zip, 0o600)
	if err != nil {
		return fmt.Errorf("writing the dossier: %w", err)
	}
	return nil
}

// get is what the case owner reads at an address.
func (r *rehearsal) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.place.url+path, nil)
	if err != nil {
		return nil, fmt.Errorf("asking for it: %w", err)
	}
	req.Header.Set("Gangway-As", owner)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetching it: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("reading it: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetching it: status %d: %s", resp.StatusCode, bytes.TrimSpace(text))
	}
	return text, nil
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
