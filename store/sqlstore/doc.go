// Package sqlstore is what the SQL stores have in common: the statements and the transaction
// of the ledger, over database/sql. A store is a dialect of it with its own migrations.
//
// Statements are written with ? and rebound where a database wants $1. Times are microseconds
// since 1970, documents JSON.
package sqlstore
