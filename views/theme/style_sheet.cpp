// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/theme.h"

namespace counterfoil {

namespace {

// @name@ is replaced by the token. Only what the palette cannot say is here; Fusion draws the rest.
constexpr const char* sheet = R"(
QToolTip { background: @raised@; color: @text@; border: 1px solid @strongLine@; padding: 4px 6px; }
QMenuBar { background: @window@; padding: 1px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @hover@; }
QMenu { background: @raised@; border: 1px solid @strongLine@; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 8px; border-radius: 4px; }
QMenu::item:selected { background: @accentSoft@; color: @text@; }
QMenu::item:disabled { color: @disabled@; }
QMenu::separator { height: 1px; background: @line@; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 6px; }
QStatusBar { background: @window@; border-top: 1px solid @line@; }
QStatusBar::item { border: none; }
QPushButton { background: @surface@; border: 1px solid @strongLine@; border-radius: 5px; padding: 4px 12px; min-height: 18px; color: @text@; }
QPushButton:hover { background: @hover@; }
QPushButton:pressed { background: @line@; }
QPushButton:focus { border: 1px solid @accent@; }
QPushButton:checked { background: @accentSoft@; border-color: @accent@; color: @accent@; }
QPushButton:disabled { color: @disabled@; border-color: @line@; }
QPushButton[primary="true"] { background: @accent@; border-color: @accent@; color: @onAccent@; font-weight: 600; }
QPushButton[chip="true"] { background: @accentSoft@; border: 1px solid @accentSoft@; border-radius: 11px; padding: 1px 8px; color: @text@; }
QPushButton[chip="true"]:hover, QPushButton[chip="true"]:focus { border: 1px solid @accent@; }
QPushButton[search="true"] { color: @secondary@; text-align: left; padding-left: 8px; }
QPushButton[link="true"] { background: transparent; border: 1px solid transparent; color: @accent@; padding: 2px 4px; text-align: left; }
QPushButton[link="true"]:hover { background: @accentSoft@; }
QPushButton[link="true"]:focus { border: 1px solid @accent@; }
QPushButton::menu-indicator { width: 0; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 3px; color: @text@; min-width: 18px; min-height: 18px; }
QToolButton::menu-indicator { width: 0; image: none; }
QLineEdit QToolButton { min-width: 0; min-height: 0; padding: 0; border: none; }
QToolButton:hover { background: @hover@; }
QToolButton:focus { border: 1px solid @accent@; }
QToolButton:pressed, QToolButton:checked { background: @accentSoft@; }
QToolButton:disabled { color: @disabled@; }
QLineEdit { background: @surface@; border: 1px solid @strongLine@; border-radius: 5px; padding: 4px 6px; min-height: 18px; selection-background-color: @accent@; }
QLineEdit:focus { border: 1px solid @accent@; }
QAbstractItemView { outline: none; selection-background-color: @accentSoft@; selection-color: @text@; }
QTableView, QTreeView, QListView { background: @surface@; border: none; }
QTreeView::item { height: 26px; }
QHeaderView { background: @surface@; border: none; }
QHeaderView::section { background: @surface@; color: @secondary@; border: none; border-bottom: 1px solid @line@; padding: 4px 8px; font-weight: 500; }
QTabBar { outline: none; }
QTabBar::tab { background: transparent; border: none; border-bottom: 2px solid transparent; padding: 6px 2px; margin-right: 16px; color: @secondary@; }
QTabBar::tab:selected { color: @text@; border-bottom: 2px solid @accent@; }
QTabBar::tab:hover { color: @text@; }
QTabBar::tab:focus { color: @accent@; }
QTabWidget::pane { border: none; border-top: 1px solid @line@; }
QTabWidget::tab-bar { left: 16px; }
QTabWidget[flush="true"]::tab-bar { left: 0px; }
QSplitter::handle { background: @line@; }
QSplitter::handle:horizontal { background: transparent; }
QSplitter::handle:hover { background: @accent@; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @strongLine@; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @disabled@; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QPlainTextEdit { background: @window@; border: 1px solid @line@; border-radius: 5px; padding: 4px; selection-background-color: @accent@; selection-color: @onAccent@; }
QPlainTextEdit:focus { border: 1px solid @accent@; }
)";

} // namespace

QString styleSheetOf(const Tokens& tokens)
{
    QString text = QString::fromLatin1(sheet);
    const std::initializer_list<std::pair<const char*, QColor>> names{
        {"@window@", tokens.window},         {"@surface@", tokens.surface},   {"@raised@", tokens.raised},
        {"@line@", tokens.line},             {"@strongLine@", tokens.strongLine}, {"@text@", tokens.text},
        {"@secondary@", tokens.secondary},   {"@disabled@", tokens.disabled}, {"@accent@", tokens.accent},
        {"@accentSoft@", tokens.accentSoft}, {"@onAccent@", tokens.onAccent}, {"@hover@", tokens.hover},
    };
    for (const auto& [name, colour] : names) {
        text.replace(QLatin1String(name), colour.name());
    }
    return text;
}

} // namespace counterfoil
