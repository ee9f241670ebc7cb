# Reads firms from a CSV with data.table, computes the weighted Gini and Theil's T within and between regions, and prints the three
# numbers: Rscript rows.R FILE [THREADS], THREADS being 0 for all cores, or `default` for what data.table takes by itself.
suppressMessages(library(data.table))
threads <- commandArgs(TRUE)[2]
if (!is.na(threads) && threads != "default") setDTthreads(as.integer(threads))
firms <- fread(commandArgs(TRUE)[1])
firms[, employees := as.numeric(employees)]
setorder(firms, output)
gini <- firms[, {
  total <- sum(employees)
  mean <- sum(employees * output) / total
  sum(employees * (output - mean) * (2 * (cumsum(employees) - employees) + employees)) / total / (total * mean)
}]
sums <- firms[, .(w = sum(employees), wx = sum(employees * output), wxl = sum(employees * output * log(output))), by = region]
mean <- sum(sums$wx) / sum(sums$w)
between <- sum(sums$wx / sum(sums$wx) * log(sums$wx / sums$w / mean))
whole <- sum(sums$wxl) / sum(sums$wx) - log(mean)
cat(sprintf("%.12g %.12g %.12g\n", gini, between, whole - between))
