package assembly

import (
	"io"
	"log/slog"
)

// Logger writes JSON lines, or key=value for people. What rooms log holds ids
// only; nothing here filters it.
func Logger(w io.Writer, level slog.Level, text bool) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if text {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}
