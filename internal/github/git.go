package github

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gangway/internal/custody"
)

// git runs git in a folder that is ours, without the machine's configuration, its hooks
// and its secrets.
type git struct {
	program string
	folder  string // of the work at hand; removed after it
	// host is the base of the addresses that are fetched from, token what lets in there.
	host, token string
	// most is how large the folder may grow, in bytes.
	most int64
	// look is how often its size is looked at.
	look time.Duration
}

// gitError says that git did not do what it was run for. What it wrote names addresses,
// and is looked at alone.
type gitError struct {
	did   string // its first word: clone
	why   custody.Why
	cause error
}

// Error says what failed.
func (e *gitError) Error() string { return "running git " + e.did + ": " + string(e.why) }

// Unwrap gives a context's error where it was that which ended it.
func (e *gitError) Unwrap() error { return e.cause }

// Permanent reports whether the same would fail again until somebody changes something.
func (e *gitError) Permanent() bool { return e.why != custody.WhyUnreadable }

// whyGit is why git failed; empty: something else did.
func whyGit(err error) custody.Why {
	var e *gitError
	if errors.As(err, &e) {
		return e.why
	}
	return ""
}

// mostComplaint bounds what git's complaints are looked at for, in bytes.
const mostComplaint = 16 << 10

// run runs git. protocol is the one that it may use: none where it needs none.
func (g git) run(ctx context.Context, protocol string, out io.Writer, args ...string) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	cmd := exec.CommandContext(ctx, g.program, args...)
	cmd.Dir, cmd.Env = g.folder, g.environment(protocol)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its children end with it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	complaint := &tail{most: mostComplaint}
	cmd.Stdout, cmd.Stderr = out, complaint
	stop := g.watch(end)
	err := cmd.Run()
	stop()
	if err == nil {
		return nil
	}
	e := &gitError{did: args[0], why: whyOf(complaint.String())}
	switch cause := context.Cause(ctx); {
	case whyGit(cause) != "":
		e.why = whyGit(cause)
	case cause != nil:
		e.why, e.cause = custody.WhyUnreadable, causeOf(cause)
	}
	return e
}

// watch ends git when its folder grows too large.
func (g git) watch(end context.CancelCauseFunc) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	ticker := time.NewTicker(g.look)
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				if size(g.folder) > g.most {
					end(&gitError{did: "at all", why: custody.WhyTooLarge})
					return
				}
			}
		}
	}()
	return func() { ticker.Stop(); close(done); <-ended }
}

// size is what a folder has in it, in bytes. What goes away meanwhile counts nothing.
func size(folder string) int64 {
	var sum int64
	_ = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			sum += info.Size()
		}
		return nil
	})
	return sum
}

// environment is all that git knows: no configuration but ours, nobody to ask, and what
// leads through a proxy. The token is in no address, no argument and no file.
func (g git) environment(protocol string) []string {
	env := []string{"LC_ALL=C", "TZ=UTC", "HOME=" + g.folder, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=true", "GIT_ALLOW_PROTOCOL=" + protocol, "GIT_LFS_SKIP_SMUDGE=1", "GIT_OPTIONAL_LOCKS=0"}
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR"} {
		if value, there := os.LookupEnv(name); there {
			env = append(env, name+"="+value)
		}
	}
	config := [][2]string{{"core.hooksPath", os.DevNull}, {"core.fsmonitor", "false"}, {"core.attributesFile", os.DevNull}, {"init.templateDir", ""},
		{"credential.helper", ""}, {"gc.auto", "0"}, {"maintenance.auto", "false"}, {"fetch.recurseSubmodules", "false"}, {"log.mailmap", "false"},
		{"http.followRedirects", "false"}, {"http.lowSpeedLimit", "1000"}, {"http.lowSpeedTime", "60"}, {"safe.directory", "*"}}
	if g.token != "" && (protocol == "https" || protocol == "http") {
		basic := base64.StdEncoding.EncodeToString([]byte("x-access-token:" + g.token))
		config = append(config, [2]string{"http." + g.host + ".extraHeader", "Authorization: Basic " + basic})
	}
	env = append(env, "GIT_CONFIG_COUNT="+strconv.Itoa(len(config)))
	for i, c := range config {
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", i, c[0]), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", i, c[1]))
	}
	return env
}

// whyOf reads git's complaints, in the words of git 2.30 and newer and of GitHub.
func whyOf(complaint string) custody.Why {
	said := strings.ToLower(complaint)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(said, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("authentication failed", "could not read username", "could not read password", "terminal prompts disabled", "error: 401"):
		return custody.WhySignIn
	case has("error: 403", "access denied"):
		return custody.WhyPermission
	case has("redirection", "error: 301", "error: 302", "error: 307", "error: 308"):
		return custody.WhyMoved
	case has("repository not found", "not found"):
		return custody.WhyHidden
	}
	return custody.WhyUnreadable
}

// text runs git and returns what it writes, without the line's end.
func (g git) text(ctx context.Context, most int, args ...string) (string, error) {
	out := &tail{most: most}
	err := g.run(ctx, "none", out, args...)
	return strings.TrimSuffix(out.String(), "\n"), err
}

// tail keeps the last bytes that are written to it.
type tail struct {
	kept bytes.Buffer
	most int
}

// Write keeps them.
func (t *tail) Write(p []byte) (int, error) {
	t.kept.Write(p)
	if over := t.kept.Len() - t.most; over > 0 {
		t.kept.Next(over)
	}
	return len(p), nil
}

// String is what was kept.
func (t *tail) String() string { return t.kept.String() }
