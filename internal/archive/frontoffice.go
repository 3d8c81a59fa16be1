package archive

// frontoffice is the archive's tables of the vendor's people: who they are, the
// links and browsers by which they come to their tasks, and forms that somebody
// has begun to fill in. They are never evidence. Secrets are kept by their digests.
type frontoffice struct{ archive *Archive }
