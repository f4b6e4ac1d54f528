namespace Workbench.Evaluation;

/// <summary>How much better a candidate is than the champion on the very same rows.</summary>
/// <param name="Difference">Candidate's metric minus the champion's, turned round where less is better; positive is better.</param>
/// <param name="Lower">2.5 % percentile of the difference over resamples of the rows. Above 0: better beyond chance.</param>
/// <param name="Upper">97.5 % percentile. Below 0: worse beyond chance.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="WinProbability">Share of resamples in which the candidate is better, equal ones counting half.</param>
public sealed record PairedDifference(double Difference, double Lower, double Upper, int Rows, double WinProbability);
