// Package verify checks report bundles offline. It is the auditor's: it imports nothing of the
// server, the stores or the collectors, and reads only the file that it is given and the key that the
// auditor trusts. docs/report-format.md describes the algorithm, so that it can be written again.
package verify
