"""The hall server: journal, rules, web pages, API and the station program."""
