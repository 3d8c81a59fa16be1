package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/proof"
	"gangway/internal/review"
)

// recordedRun is a recorded history as far as a dossier of it is made here: JSON as the
// engine's own tools write it.
type recordedRun struct {
	text   []byte
	Events []struct {
		Started *struct {
			WorkflowID string `json:"workflowId"`
			Run        string `json:"originalExecutionRunId"`
		} `json:"workflowExecutionStartedEventAttributes"`
		Scheduled *struct {
			Type  struct{ Name string } `json:"activityType"`
			Input struct {
				Payloads []struct{ Data []byte }
			} `json:"input"`
		} `json:"activityTaskScheduledEventAttributes"`
	} `json:"events"`
}

// agreedRuns are the histories of one onboarding with its parts.
func agreedRuns() ([]recordedRun, error) {
	files, err := filepath.Glob(filepath.Join("..", "workflows", "testdata", "histories", "*", "v0.1.0-agreed-1.json"))
	if err != nil || len(files) != 3 {
		return nil, fmt.Errorf("there are %d histories of the story: %w", len(files), err)
	}
	var runs []recordedRun
	for _, f := range files {
		var r recordedRun
		if r.text, err = os.ReadFile(f); err != nil {
			return nil, err
		}
		if err = json.Unmarshal(r.text, &r); err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// entries are what the run gave to the record.
func (r recordedRun) entries() ([]dossier.Entry, error) {
	var all []dossier.Entry
	for _, e := range r.Events {
		if e.Scheduled == nil || e.Scheduled.Type.Name != "Record" {
			continue
		}
		var in struct{ Entries []dossier.Entry }
		if err := json.Unmarshal(e.Scheduled.Input.Payloads[0].Data, &in); err != nil {
			return nil, err
		}
		all = append(all, in.Entries...)
	}
	return all, nil
}

// toldFiles are dossiers of the recorded story: as it was, half of it, and with one
// approval turned into a rejection before everything was chained and signed anew.
type toldFiles struct {
	told, flipped, reflipped      []byte // flipped is signed with another key, reflipped with the same
	checkpoint, elsewhere, fibbed []byte // of half of it, of another case, and not as it was signed
	fingerprint                   string
}

var toldDossiers = sync.OnceValues(func() (toldFiles, error) {
	var d toldFiles
	dir, err := os.MkdirTemp("", "gangway-told-")
	if err != nil {
		return d, err
	}
	defer os.RemoveAll(dir)
	key, err := archive.LoadKey(filepath.Join(dir, "key"))
	if err != nil {
		return d, err
	}
	other, err := archive.LoadKey(filepath.Join(dir, "other"))
	if err != nil {
		return d, err
	}
	turned := func(e *dossier.Entry) {
		if e.Fact != nil && e.Fact.Ballot != nil && e.Fact.Ballot.Person == "jonas" && e.Fact.Request == contractOf+":review.1" {
			e.Fact.Ballot.Verdict = review.Reject
		}
	}
	var half []byte
	if d.told, half, err = tell(filepath.Join(dir, "told"), key, func(*dossier.Entry) {}); err != nil {
		return d, err
	}
	if d.flipped, _, err = tell(filepath.Join(dir, "flipped"), other, turned); err != nil {
		return d, err
	}
	if d.reflipped, _, err = tell(filepath.Join(dir, "reflipped"), key, turned); err != nil {
		return d, err
	}
	d.checkpoint = checkpointOf(half)
	d.fibbed = bytes.Replace(d.checkpoint, []byte(`"open": true`), []byte(`"open": false`), 1)
	d.fingerprint = key.Fingerprint()
	d.elsewhere, err = elsewhere(filepath.Join(dir, "elsewhere"), other)
	return d, err
})

// elsewhere is the checkpoint of a case of another gangway.
func elsewhere(dir string, key *archive.Key) ([]byte, error) {
	ctx := context.Background()
	a, err := archive.Open(ctx, archive.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	defer a.Close()
	if err := a.Append(ctx, history("onboarding/elsewhere/1")); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = a.Export(ctx, "onboarding/elsewhere/1", key, days(7), &b)
	return checkpointOf(b.Bytes()), err
}

// checkpointOf takes checkpoint.json out of a dossier: its members are stored as they are.
func checkpointOf(file []byte) []byte {
	at := bytes.Index(file, []byte("checkpoint.json{"))
	if at < 0 {
		return nil
	}
	rest := file[at+len("checkpoint.json"):]
	return rest[:bytes.Index(rest, []byte("\n}\n"))+3]
}

// tell puts the story into an archive, entry by entry as change leaves it, and takes its
// dossier out at the end and halfway.
func tell(dir string, key *archive.Key, change func(*dossier.Entry)) (whole, half []byte, err error) {
	ctx := context.Background()
	a, err := archive.Open(ctx, archive.Options{Dir: dir})
	if err != nil {
		return nil, nil, err
	}
	defer a.Close()
	runs, err := agreedRuns()
	if err != nil {
		return nil, nil, err
	}
	var all []dossier.Entry
	for _, r := range runs {
		entries, err := r.entries()
		if err != nil {
			return nil, nil, err
		}
		all = append(all, entries...)
	}
	slices.SortStableFunc(all, func(a, b dossier.Entry) int { return a.At.Compare(b.At) })
	last := all[len(all)-1]
	for i := range all {
		change(&all[i])
	}
	for _, r := range runs {
		paper, err := a.Put(ctx, bytes.NewReader(r.text), 0)
		if err != nil {
			return nil, nil, err
		}
		s := r.Events[0].Started
		all = append(all, dossier.Entry{ID: s.WorkflowID + "#archive/history-" + s.Run, Case: brightwell, Process: s.WorkflowID, Run: s.Run, Kind: dossier.HistoryFiled,
			At: last.At, CaseAt: last.CaseAt, Detail: &dossier.Detail{Document: paper.Digest, Size: paper.Size, Media: "application/json", Name: "history"}})
	}
	export := func(at time.Time) ([]byte, error) {
		var b bytes.Buffer
		err := a.Export(ctx, brightwell, key, at, &b)
		return b.Bytes(), err
	}
	middle := len(all) - 10
	if err := appendErased(ctx, a, all[:middle], all[:middle]); err != nil {
		return nil, nil, err
	}
	if half, err = export(last.At.Add(time.Hour)); err != nil {
		return nil, nil, err
	}
	if err := appendErased(ctx, a, all[middle:], all); err != nil {
		return nil, nil, err
	}
	whole, err = export(last.At.Add(2 * time.Hour))
	return whole, half, err
}

// appendErased appends entries, and says of the documents that are named so far, which
// nobody kept, that they were erased.
func appendErased(ctx context.Context, a *archive.Archive, entries, soFar []dossier.Entry) error {
	if err := a.Append(ctx, entries); err != nil {
		return err
	}
	var lines []dossier.Line
	for i, e := range soFar {
		if e.Case == brightwell {
			lines = append(lines, dossier.Line{N: i + 1, Entry: e})
		}
	}
	last := soFar[len(soFar)-1]
	for i, m := range dossier.Mentions(lines) {
		if m.History {
			continue
		}
		err := a.Append(ctx, []dossier.Entry{{ID: fmt.Sprintf("%s#archive/erased-%d-%d", brightwell, len(soFar), i), Case: brightwell, Process: brightwell,
			Kind: dossier.Erased, At: last.At, CaseAt: last.CaseAt, Detail: &dossier.Detail{Document: m.Digest, Rule: "kept elsewhere"}}})
		if err != nil {
			return err
		}
	}
	return nil
}

// TestVerifiedProblem: the worst is what is said, and every way to be short of proof has
// an exit code that is not success.
func TestVerifiedProblem(t *testing.T) {
	t.Parallel()
	intact := archive.Verdict{Intact: true}
	replay := func(v proof.Verdict, differences ...proof.Difference) *proof.Result {
		return &proof.Result{Histories: []proof.Replay{{Verdict: v}}, Differences: differences}
	}
	seen := &archive.Witness{Journal: true}
	for _, c := range []struct {
		name string
		v    verified
		want int
		says string
	}{
		{"nothing was asked", verified{Verdict: intact}, exitDone, ""},
		{"replayed and seen", verified{intact, seen, replay(proof.Replayed)}, exitDone, ""},
		{"damaged", verified{archive.Verdict{Findings: []string{"a", "b"}, Wrong: true}, nil, replay(proof.Differs)}, exitError, "is not intact"},
		{"another key", verified{archive.Verdict{Wrong: true, Findings: []string{"key"}}, seen, replay(proof.NotReplayable)}, exitError, "another key"},
		{"another key, and it differs", verified{archive.Verdict{Wrong: true, Findings: []string{"key"}}, seen, replay(proof.Differs)}, exitError, "contradicts itself"},
		{"differs", verified{intact, nil, replay(proof.Differs)}, exitError, "contradicts itself"},
		{"journal and history", verified{intact, nil, replay(proof.Replayed, proof.Difference{})}, exitError, "contradicts itself"},
		{"another past", verified{intact, &archive.Witness{Journal: true, Findings: []string{"x"}}, replay(proof.Replayed)}, exitError, "contradicts the witness w.json"},
		{"not replayable", verified{intact, seen, replay(proof.NotReplayable)}, exitPart, "could be replayed"},
		{"no history", verified{intact, seen, &proof.Result{}}, exitPart, "could be replayed"},
		{"another case's witness", verified{intact, &archive.Witness{}, replay(proof.Replayed)}, exitPart, "says nothing of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := c.v.problem("d.zip", "w.json")
			var p problem
			code := exitDone
			if errors.As(err, &p) {
				code = p.code
			}
			if code != c.want || err != nil && (!strings.Contains(err.Error(), c.says) || len(p.hints) == 0) {
				t.Errorf("exit code %d, %v %v", code, err, p.hints)
			}
		})
	}
}
