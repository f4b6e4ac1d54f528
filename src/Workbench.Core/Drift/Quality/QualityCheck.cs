using System.Text.Json.Serialization;

namespace Workbench.Drift.Quality;

/// <summary>What a finding is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QualityCheck>))]
public enum QualityCheck
{
    /// <summary>Far more or fewer rows than usual, or none.</summary>
    RowCount,
    /// <summary>A column of the reference is not there.</summary>
    MissingColumn,
    /// <summary>A column that the reference lacks.</summary>
    NewColumn,
    /// <summary>The columns stand in another order.</summary>
    ColumnOrder,
    /// <summary>A column has another type.</summary>
    TypeChange,
    /// <summary>NULL, NaN or blank values.</summary>
    MissingValues,
    /// <summary>One value in all rows.</summary>
    Constant,
    /// <summary>One value in nearly all rows.</summary>
    AlmostConstant,
    /// <summary>Numbers below or above all of the reference's.</summary>
    OutOfRange,
    /// <summary>Infinite numbers or times.</summary>
    Infinite,
    /// <summary>Categories that the reference lacks.</summary>
    NewCategories,
    /// <summary>Categories of the reference that are not there.</summary>
    VanishedCategories,
    /// <summary>Categories that differ in case or spaces alone.</summary>
    CategoryTwins,
    /// <summary>A text column of numbers.</summary>
    NumericText,
    /// <summary>Rows that are the same in every column.</summary>
    DuplicateRows,
    /// <summary>Rows with the key of another.</summary>
    DuplicateKey,
    /// <summary>A column that was unique is not any more.</summary>
    Uniqueness,
    /// <summary>The newest row is old, or lies in the future.</summary>
    Freshness,
    /// <summary>Two columns that say the same: |r| = 1.</summary>
    TwinColumns,
}
