# What the packages of R take for the tasks of benches/README.md.
#
#     Rscript peers.R INPUTS [TASK ...]
#
# INPUTS is the folder with the inputs that our side wrote. Every line of the output is JSON, as from peers.py.

arguments <- commandArgs(trailingOnly = TRUE)
inputs <- arguments[1]
only <- arguments[-1]
fewest <- 5
most <- 101
enough <- 1

quoted <- function(text) {
  text <- gsub("[\r\n\t]+", " ", text)
  paste0('"', gsub('"', "'", gsub("\\\\", "/", text)), '"')
}

number <- function(x) format(x, digits = 17, scientific = TRUE)

load_input <- function(name, rows, cols = 1) {
  file <- file.path(inputs, sprintf("%s-%dx%d.f64", name, as.integer(rows), as.integer(cols)))
  cells <- readBin(file, "double", n = rows * cols, size = 8, endian = "little")
  if (cols == 1) cells else matrix(cells, nrow = rows, byrow = TRUE)
}

version_of <- function(package) paste(package, as.character(packageVersion(package)))

# Elapsed seconds; proc.time() has milliseconds only, which is too coarse for short tasks.
now <- function() as.numeric(Sys.time())

measure <- function(task, peer, run) {
  value <- run()
  seconds <- numeric(0)
  while (length(seconds) < fewest || (length(seconds) < most && sum(seconds) < enough)) {
    start <- now()
    run()
    seconds <- c(seconds, now() - start)
  }
  median_s <- sort(seconds)[(length(seconds) + 1) %/% 2]
  line <- sprintf(
    '"task": %s, "peer": %s, "kind": "package", "median_s": %s, "runs": %d',
    quoted(task), quoted(peer), number(median_s), length(seconds)
  )
  if (is.numeric(value) && length(value) == 1 && is.finite(value)) {
    line <- paste0(line, ', "value": ', number(value))
  }
  cat("{", line, "}\n", sep = "")
}

skip <- function(packages, task, why) {
  cat(sprintf(
    '{"skipped": %s, "tasks": [%s], "why": %s}\n',
    quoted(paste(packages, collapse = " and ")), quoted(task), quoted(why)
  ))
}

# Runs a measurement where its packages are installed, and says so where they are not.
with_packages <- function(packages, task, run) {
  if (length(only) > 0 && !(task %in% only)) {
    return(invisible())
  }
  here <- vapply(packages, requireNamespace, logical(1), quietly = TRUE)
  if (!all(here)) {
    return(skip(packages[!here], task, "not installed"))
  }
  tryCatch(
    suppressWarnings(suppressMessages(run())),
    error = function(e) skip(packages[length(packages)], task, paste("failed:", conditionMessage(e)))
  )
  invisible(gc())
}

# Some packages print while they work.
quietly <- function(call) {
  out <- NULL
  utils::capture.output(out <- call)
  out
}

with_packages("ineq", "gini_1e7", function() {
  x <- load_input("incomes", 1e7)
  measure("gini_1e7", version_of("ineq"), function() ineq::Gini(x))
})

with_packages("dineq", "gini_weighted_1e7", function() {
  x <- load_input("incomes", 1e7)
  w <- load_input("weights", 1e7)
  measure("gini_weighted_1e7", version_of("dineq"), function() dineq::gini.wtd(x, w))
})

with_packages("laeken", "gini_weighted_1e7", function() {
  x <- load_input("incomes", 1e7)
  w <- load_input("weights", 1e7)
  # laeken's own definition has per cent and a small-sample term: no value to compare.
  measure("gini_weighted_1e7", version_of("laeken"), function() {
    laeken::gini(x, weights = w)
    NULL
  })
})

with_packages("ineq", "theil_t_1e7", function() {
  x <- load_input("incomes", 1e7)
  measure("theil_t_1e7", version_of("ineq"), function() ineq::Theil(x))
})

with_packages("IC2", "theil_groups_3000_1e6", function() {
  x <- load_input("incomes", 1e6)
  groups <- factor(load_input("groups", 1e6))
  measure("theil_groups_3000_1e6", version_of("IC2"), function() {
    IC2::decompGEI(x, groups, alpha = 1)
    NULL
  })
})

with_packages("dineq", "theil_groups_3000_1e6", function() {
  x <- load_input("incomes", 1e6)
  groups <- load_input("groups", 1e6)
  # The mean log deviation, which is what this package decomposes; the work is the same.
  measure("theil_groups_3000_1e6", paste0(version_of("dineq"), " (mean log deviation)"), function() {
    dineq::mld_decomp(x, groups)
    NULL
  })
})

for (n in c(31, 3000)) {
  local({
    size <- n
    task <- sprintf("bootstrap_gini_10k_%d", as.integer(size))
    gini <- function(x) {
      x <- sort(x)
      k <- length(x)
      sum((2 * seq_len(k) - k - 1) * x) / (k * sum(x))
    }
    with_packages("boot", task, function() {
      x <- load_input("incomes", size)
      measure(task, version_of("boot"), function() {
        set.seed(1)
        replicates <- boot::boot(x, function(data, rows) gini(data[rows]), R = 10000)
        boot::boot.ci(replicates, type = "perc")
        NULL
      })
    })
  })
}

with_packages("REAT", "shift_share_3000x100", function() {
  base <- load_input("base", 3000, 100)
  end <- load_input("end", 3000, 100)
  all_base <- colSums(base)
  all_end <- colSums(end)
  measure("shift_share_3000x100", paste0(version_of("REAT"), " (a loop over regions)"), function() {
    quietly(for (r in seq_len(nrow(base))) {
      REAT::shift(base[r, ], end[r, ], all_base, all_end)
    })
    NULL
  })
})

neighbours_of <- function(name, rows, cols) {
  near <- load_input(name, rows, cols) + 1
  lists <- lapply(seq_len(rows), function(i) sort(as.integer(near[i, ])))
  class(lists) <- "nb"
  attr(lists, "region.id") <- as.character(seq_len(rows))
  spdep::nb2listw(lists, style = "W")
}

with_packages("spdep", "moran_9999_3000", function() {
  x <- load_input("map-values", 3000)
  listw <- neighbours_of("map-neighbours", 3000, 6)
  measure("moran_9999_3000", version_of("spdep"), function() {
    set.seed(1)
    unname(spdep::moran.mc(x, listw, nsim = 9999)$statistic)
  })
})

with_packages("spdep", "local_moran_999_3000", function() {
  x <- load_input("map-values", 3000)
  listw <- neighbours_of("map-neighbours", 3000, 6)
  measure("local_moran_999_3000", version_of("spdep"), function() {
    set.seed(1)
    # This package divides by n where ours divides by n - 1: no value to compare.
    spdep::localmoran_perm(x, listw, nsim = 999)
    NULL
  })
})

with_packages("cluster", "kmeans_silhouette_3000x8", function() {
  x <- load_input("features", 3000, 8)
  measure("kmeans_silhouette_3000x8", paste("stats::kmeans and", version_of("cluster")), function() {
    set.seed(1)
    distances <- dist(x)
    for (k in 2:8) {
      found <- kmeans(x, k, nstart = 10, iter.max = 300)
      cluster::silhouette(found$cluster, distances)
    }
    NULL
  })
})

with_packages("EconGeo", "eci_300x100", function() {
  jobs <- load_input("jobs", 300, 100)
  measure("eci_300x100", version_of("EconGeo"), function() {
    EconGeo::kci(EconGeo::location_quotient(jobs, binary = TRUE))
    NULL
  })
})

with_packages("ConvergenceClubs", "clubs_152x34", function() {
  frame <- data.frame(region = seq_len(152), load_input("paths", 152, 34))
  measure("clubs_152x34", version_of("ConvergenceClubs"), function() {
    found <- quietly(ConvergenceClubs::findClubs(
      frame,
      dataCols = 2:35, unit_names = 1, refCol = 35, time_trim = 1 / 3, HACmethod = "FQSB", cstar = 0
    ))
    sum(startsWith(names(found), "club"))
  })
})

with_packages("COINr", "composite_51x49", function() {
  # The example of the package, which has this size: 51 countries, 49 indicators.
  measure("composite_51x49", paste0(version_of("COINr"), " (its example)"), function() {
    quietly(COINr::build_example_coin(quietly = TRUE))
    NULL
  })
})
