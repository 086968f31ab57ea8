package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// Lengths of the parts of paths. Windows opens paths of at most 259 characters; the longest that these give is
// 196, so that a bundle can be unpacked into a folder of some depth.
const (
	maxTopName     = 20
	maxControlName = 24
	maxSourceName  = 16
	maxService     = 12
	maxEvent       = 20
	maxFileName    = 10
	maxExtension   = 10
)

// slug makes a part of a path of text that may be hostile: letters, digits, dots, dashes and underscores, nothing
// that a file system takes specially, at most limit bytes.
func slug(s string, limit int) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
		if b.Len() >= limit {
			break
		}
	}
	out := strings.Trim(b.String()[:min(b.Len(), limit)], ".-_")
	if out == "" {
		return "x"
	}
	if slices.Contains(reserved, strings.ToLower(strings.SplitN(out, ".", 2)[0])) {
		return "x_" + out[:min(len(out), limit-2)]
	}
	return out
}

// reserved names of devices, which Windows does not take as names of files with any ending.
var reserved = []string{
	"con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// short8 is what keeps names apart that are cut alike: the start of an id.
func short8(id string) string {
	plain := strings.ReplaceAll(id, "-", "")
	if len(plain) >= 8 && slug(plain, len(plain)) == plain {
		return strings.ToLower(plain[:8])
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:4])
}

// rootFolder holds everything: "<assessment>-<id8>/<report>-<id8>/".
func rootFolder(assessment, assessmentID, report, reportID string) string {
	return slug(assessment, maxTopName) + "-" + short8(assessmentID) + "/" + slug(report, maxTopName) + "-" + short8(reportID) + "/"
}

// controlFolder is the folder of a control. Its id may stand in several sets.
func controlFolder(set, control string) string {
	sum := sha256.Sum256([]byte(set + "\x00" + control))
	return slug(control, maxControlName) + "-" + hex.EncodeToString(sum[:4])
}

// bodyName is the name of the file of a body, as Audit Manager's reports have it:
// HH-MM-SS_<service>_<event>_<account>_<id> or HH-MM-SS_manual_<account>_<id>_<name>.<ending>.
func bodyName(it *item) string {
	clock, account := it.collected.UTC().Format("15-04-05"), it.account
	if len(account) != 12 || strings.Trim(account, "0123456789") != "" {
		account = "-"
	}
	id := strings.ReplaceAll(it.id, "-", "")
	id = slug(id[max(0, len(id)-12):], 12)
	if it.manual() {
		ext := path.Ext(it.fileName)
		name := slug(strings.TrimSuffix(it.fileName, ext), maxFileName)
		if it.fileName == "" {
			name = "text"
		}
		return fmt.Sprintf("%s_manual_%s_%s_%s%s", clock, account, id, name, ending(ext, it.mediaType))
	}
	service, _, _ := strings.Cut(it.eventSource, ".")
	return fmt.Sprintf("%s_%s_%s_%s_%s%s", clock, slug(service, maxService), slug(it.eventName, maxEvent), account, id, ending("", it.mediaType))
}

// passive are the endings that no program runs when a file is opened.
var passive = []string{
	"gz", "zip", "doc", "docx", "pdf", "ppt", "pptx", "xls", "xlsx", "jpeg", "jpg", "png", "cer", "csv", "json", "md",
	"out", "rtf", "txt", "yaml", "yml",
}

// ending keeps the ending of a file where opening it is harmless, and takes the bite out of others
// (a page or a picture with scripts) by a further ".txt". The bytes are never changed.
func ending(ext, media string) string {
	ext = strings.ToLower(strings.TrimPrefix(ext, "."))
	media, _, _ = strings.Cut(media, ";")
	switch {
	case slices.Contains(passive, ext):
		return "." + ext
	case ext != "":
		return "." + slug(ext, maxExtension-4) + ".txt"
	case media == "application/json":
		return ".json"
	case strings.HasPrefix(media, "text/"):
		return ".txt"
	}
	return ".bin"
}

// dayOf is the UTC day of a time, as folders are named.
func dayOf(t time.Time) string { return t.UTC().Format(dayLayout) }

const dayLayout = "2006-01-02"
