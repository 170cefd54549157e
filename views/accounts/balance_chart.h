// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/balance_reads.h"
#include "views/theme/theme.h"

#include <QChartView>

class QCategoryAxis;
class QLineSeries;

namespace counterfoil {

/// Available, frozen and billed over time as steps, told apart by colour and by kind of line. A click, or the arrow keys, choose a step; Escape
/// lets go of it.
class BalanceChart : public QChartView {
    Q_OBJECT
public:
    explicit BalanceChart(const Theme& theme, QWidget* parent = nullptr);

    /// What was chosen stays chosen if it is still there.
    void setHistory(const BalanceHistory& history);
    const BalanceHistory& history() const { return m_history; }
    /// -1 for none.
    int chosen() const { return m_chosen; }
    void choose(int point);
    /// The point whose figures stand at this place of the widget; -1 outside of the plot.
    int pointAt(const QPointF& position) const;

Q_SIGNALS:
    /// By a person; -1 for none.
    void pointChosen(int point);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void addSeries(QLineSeries*& series, const QString& name);
    void fillSeries();
    void fillAxes();
    void showChosen();
    void applyTheme();

    const Theme& m_theme;
    BalanceHistory m_history;
    int m_chosen = -1;
    QLineSeries* m_available = nullptr;
    QLineSeries* m_frozen = nullptr;
    QLineSeries* m_billed = nullptr;
    QLineSeries* m_marker = nullptr;
    QCategoryAxis* m_times = nullptr;
    QCategoryAxis* m_amounts = nullptr;
};

/// `2026-11-21 14:32:07: 12.50 USD available, …`: the figures from a point on.
QString pointWords(const BalancePoint& point);
/// What the chart shows, in words: where each figure began, how far it went, where it is now.
QString historyWords(const BalanceHistory& history);

} // namespace counterfoil
