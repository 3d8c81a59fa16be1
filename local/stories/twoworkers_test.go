package stories

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"gangway/internal/archive/postgrestest"
)

// TestTwoWorkersOnPostgres plays every story of rehearsal_test with the record
// in PostgreSQL and two workers, one of which is killed in mid-case.
func TestTwoWorkersOnPostgres(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(*testing.T, func(*testing.T) *house){
		"TwentyOneDaysToSigned":      playTwentyOneDaysToSigned,
		"ChangesWantedTwice":         playChangesWantedTwice,
		"RejectThenNextVersion":      playRejectThenNextVersion,
		"Veto":                       playVeto,
		"RecusalEmptiesASeat":        playRecusalEmptiesASeat,
		"BackupThenManagerThenOwner": playBackupThenManagerThenOwner,
		"APersonWhoLeaves":           playAPersonWhoLeaves,
		"TwoCasesAtOnce":             playTwoCasesAtOnce,
		"NobodyAnswersForSixtyDays":  playNobodyAnswersForSixtyDays,
	} {
		t.Run(name, func(t *testing.T) { play(t, houseOfTwo) }) // in parallel, as the stories say themselves
	}
}

// someLines is after how many lines of a case the second worker is killed: it is
// under way then, and nothing is decided yet.
const someLines = 12

// houseOfTwo is a house on PostgreSQL whose processes a second worker shares
// until it is killed.
func houseOfTwo(t *testing.T) *house {
	t.Helper()
	url := postgrestest.Shared(t).Database(t)
	h := houseOn(t, ground{database: url})
	_, port, _ := strings.Cut(h.engine.HostPort(), ":")
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), roleEnv+"=worker", dirEnv+"="+h.dir, engineEnv+"="+port, baseEnv+"="+url)
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil { // closed when this process ends, however it ends
		t.Fatalf("starting a second worker: %v", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("starting a second worker: %v", err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting a second worker: %v", err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "ready") {
		t.Fatalf("the second worker did not start: %q %v", line, err)
	}
	killed := make(chan error, 1)
	go func() { killed <- h.killOnceUnderWay(cmd) }()
	t.Cleanup(func() {
		if err := <-killed; err != nil {
			t.Error(err)
		}
	})
	return h
}

// killOnceUnderWay sends SIGKILL to a worker once a case has some lines.
func (h *house) killOnceUnderWay(cmd *exec.Cmd) error {
	ok := within(patience, func() bool {
		views, err := h.Archive.CasePage(context.Background(), "", 1)
		return err == nil && len(views) > 0 && views[0].Lines >= someLines
	})
	err := cmd.Process.Kill()
	_ = cmd.Wait() // it was killed: its exit code says so
	if !ok {
		return fmt.Errorf("no case was under way when the second worker was killed")
	}
	return err
}
